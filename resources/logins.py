"""Logins made for people at a platform: the name in Latin letters and a number, unique within the element (5.4)."""

import re

from accounts.models import User
from eios.lib import russian
from resources.models import Element, ExternalCredential


def new_login(element: Element, person: User) -> str:
    """«ivanovamp1», «ivanovamp2»…: one that nobody has, or had, at the element."""
    stem = russian.login_stem(person.surname, person.name, person.patronymic)
    taken = ExternalCredential.objects.filter(element=element, login__istartswith=stem).values_list("login", flat=True)
    numbers = [int(found[1]) for login in taken if (found := re.fullmatch(rf"{stem}(\d{{1,6}})", login.lower()))]
    return f"{stem}{max(numbers, default=0) + 1}"
