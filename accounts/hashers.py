"""Argon2id at the OWASP minimum: 19 MiB, two passes, one lane. Django's 100 MiB would sink a small server at 8:30."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
