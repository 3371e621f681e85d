import pytest

from eios.lib import network


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "10.0.0.5", "1.2.3.4", "10.0.0.5"),
        (1, "10.0.0.5", "1.2.3.4", "1.2.3.4"),
        (1, "10.0.0.5", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (2, "10.0.0.5", "1.2.3.4, 10.0.0.4", "1.2.3.4"),
        (2, "10.0.0.5", "1.2.3.4", "10.0.0.5"),
        (1, "10.0.0.5", "", "10.0.0.5"),
        (1, "10.0.0.5", "<script>", "0.0.0.0"),
        (0, "", "", "0.0.0.0"),
        (0, "2001:db8::1", "", "2001:db8::1"),
    ],
)
def test_client_address(rf, settings, proxies, remote, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert network.client_address(request) == address


def test_networks():
    assert network.network_of("192.168.3.77") == "192.168.3.0/24"
    assert network.network_of("2001:db8:1:2::7") == "2001:db8:1::/56"
    assert network.inside("192.168.3.77", "10.0.0.0/8\n192.168.0.0/16")
    assert not network.inside("2001:db8::1", "10.0.0.0/8")
    with pytest.raises(ValueError, match="дом"):
        network.parse_networks("дом")
