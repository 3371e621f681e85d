import pytest
from django.core.exceptions import ImproperlyConfigured

from eios.lib import crypto

KEY = "A" * 43 + "="


def test_a_sealed_value_opens_in_its_own_row_only():
    sealed = crypto.seal("тайна", row="mfa:1")
    assert "тайна" not in sealed
    assert crypto.unseal(sealed, row="mfa:1") == "тайна"
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(sealed, row="mfa:2")


def test_the_same_value_is_sealed_differently_each_time():
    assert crypto.seal("a", row="r") != crypto.seal("a", row="r")


def test_a_missing_key_is_named(settings):
    sealed = crypto.seal("a", row="r")
    settings.FIELD_KEYS = crypto.parse_keys(f"k2:{KEY}")
    with pytest.raises(crypto.CannotOpen, match=sealed.split(":")[0]):
        crypto.unseal(sealed, row="r")


@pytest.mark.parametrize("damage", ["", "k1", "k1:", "k1:!!!!", "k1:AAAA"])
def test_damaged_values_do_not_open(settings, damage):
    settings.FIELD_KEYS = crypto.parse_keys(f"k1:{KEY}")
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(damage, row="r")


@pytest.mark.parametrize("text", ["k1", "k1:short", ":" + KEY, "k1:" + KEY + ",k2:x"])
def test_badly_written_keys_are_refused(text):
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        crypto.parse_keys(text)


def test_digest_parts_can_not_run_together():
    assert crypto.keyed_digest(b"k", "ab", "c") != crypto.keyed_digest(b"k", "a", "bc")
