"""Letters of the portal. They leave beside the answer: its time tells nobody whether an address is known."""

import logging
import smtplib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from allauth.account.adapter import get_adapter

log = logging.getLogger(__name__)
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


@dataclass(frozen=True)
class ResetLink:
    """A link to set a new password; with the login only where several accounts have the one address."""

    url: str
    login: str = ""


def send_reset_links(address: str, links: list[ResetLink]) -> None:
    """One letter for each link, in the background; a letter that the server refuses is logged, not shown."""
    if links:
        _postman.submit(_send, address, links)


def send_one_time_link(address: str, url: str, hours: int) -> None:
    """The letter of a one-time link (9.7), in the background; it names nobody and holds no password."""
    context = {"one_time_url": url, "hours": hours}
    _postman.submit(_deliver, "account/email/one_time_link", address, context)


def send_credential_link(address: str, url: str, hours: int) -> None:
    """The letter of a link to a login at a platform (10.6), in the background; it names neither person nor platform."""
    context = {"credential_url": url, "hours": hours}
    _postman.submit(_deliver, "account/email/credential_link", address, context)


def _send(address: str, links: list[ResetLink]) -> None:
    for link in links:
        context = {"password_reset_url": link.url, "username": link.login}
        _deliver("account/email/password_reset_key", address, context)


def _deliver(template: str, address: str, context: dict) -> None:
    try:
        get_adapter().render_mail(template, address, context).send()
    except (smtplib.SMTPException, OSError):
        log.exception("the letter with a link for a new password was not sent")
