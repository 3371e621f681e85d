"""Secrets at rest: AES-GCM bound to the row that holds them, with keys that can be changed.

A sealed value is `<key id>:<base64 of nonce and ciphertext>`. The row's identity is authenticated with it, so that
a ciphertext copied to another row does not open. Keys stand in the setting FIELD_KEYS; the first one encrypts.
"""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value can't be opened: the key is missing, or the ciphertext belongs to another row or was changed."""


class MissingKey(CannotOpen):
    """The key `name` does not stand in FIELD_KEYS; the value itself is whole and opens as soon as it does."""

    def __init__(self, name: str):
        super().__init__(f"Нет ключа шифрования «{name}» в настройке FIELD_KEYS.")
        self.name = name


def parse_keys(text: str) -> dict[str, bytes]:
    """`id:base64,id:base64` → keys in order. Raises ImproperlyConfigured with a Russian line."""
    keys = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = part.partition(":")
        try:
            key = base64.b64decode(value, validate=True)
        except ValueError:  # not base64, or not even ASCII
            key = b""
        if not name or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS: ожидается «имя:ключ», где ключ — 32 байта в base64, через запятую.")
        keys[name] = key
    return keys


def seal(value: str, *, row: str) -> str:
    """Encrypts under the first key; `row` names the place, e.g. "mfa:17"."""
    name = first_key()
    key = settings.FIELD_KEYS[name]
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, value.encode(), row.encode())
    return f"{name}:{base64.b64encode(nonce + sealed).decode()}"


def first_key() -> str:
    """The name of the key that encrypts now."""
    return next(iter(settings.FIELD_KEYS))


def key_of(sealed: str) -> str:
    """The name of the key that a value was sealed with."""
    return sealed.partition(":")[0]


def unseal(sealed: str, *, row: str) -> str:
    """The value as it was sealed for this row. Raises CannotOpen, naming the missing key."""
    name, _, body = sealed.partition(":")
    if name not in settings.FIELD_KEYS:
        raise MissingKey(name)
    try:
        raw = base64.b64decode(body, validate=True)
        return AESGCM(settings.FIELD_KEYS[name]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], row.encode()).decode()
    except (binascii.Error, InvalidTag, ValueError) as error:
        raise CannotOpen("Зашифрованное значение повреждено или перенесено из другой записи.") from error


def keyed_digest(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 of the parts, in hexadecimal; lengths are part of it, so that parts can't run together."""
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        data = part.encode()
        mac.update(len(data).to_bytes(8, "big") + data)
    return mac.hexdigest()
