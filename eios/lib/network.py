"""Where a request comes from: client addresses behind trusted proxies, and networks."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address; X-Forwarded-For is believed only as far as TRUSTED_PROXIES (a number of hops) says.

    A unix socket gives no address: the visitor is then "0.0.0.0" unless a proxy tells more.
    """
    hops = settings.TRUSTED_PROXIES
    remote = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 (an unknown address, nothing is bound to it)
    if not hops:
        return _valid(remote)
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return _valid(chain[-hops] if len(chain) >= hops else remote)


def _valid(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "0.0.0.0"  # noqa: S104
    # A server that listens for both kinds names an IPv4 visitor ::ffff:192.0.2.1: else all would be one network.
    return str(getattr(address, "ipv4_mapped", None) or address)


def network_of(address: str) -> str:
    """The neighbourhood that shares a fate in throttling: /24 for IPv4, /56 for IPv6."""
    ip = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 56}", strict=False))


def parse_networks(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks written one a line or with commas. Raises ValueError naming the bad one."""
    return [_network(part) for part in text.replace(",", " ").split()]


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(f"«{text}»") from error


def inside(address: str, networks: str) -> bool:
    """Is the address within one of the school's local networks?"""
    ip = ipaddress.ip_address(address)
    return any(ip.version == net.version and ip in net for net in parse_networks(networks))
