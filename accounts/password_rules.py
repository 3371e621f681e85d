"""What a password must be (docs/decisions/0020-passwords.md): long enough, and none of those that are guessed first.

No signs are demanded and no password ages: both make people choose worse ones (NIST SP 800-63B, OWASP ASVS 6.2).
"""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts import guessable
from accounts.guessable import Vocabulary
from accounts.models import SchoolCard, User
from eios.lib.russian import plural
from eios.lib.search import fold

LONGEST = 128
CONTAINED_FROM = 6  # letters: so long a name is looked for inside the password, a shorter one only as a word of it


class LengthRule:
    """Eight characters, twelve for employees; those who manage the school sign in with a second factor besides."""

    def validate(self, password: str, user: User | None = None) -> None:
        shortest = self._shortest(user)
        if len(password) < shortest:
            raise ValidationError(f"Слишком коротко: нужно не меньше {_signs(shortest)}.", code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(f"Слишком длинно: не больше {_signs(LONGEST)}.", code="password_too_long")

    def get_help_text(self) -> str:
        pupils, staff = settings.PASSWORD_MIN_LENGTH, settings.PASSWORD_MIN_LENGTH_STAFF
        return f"Не короче {_signs(pupils)}, для работников школы — {_signs(staff)}."

    @staticmethod
    def _shortest(user: User | None) -> int:
        """Of one who is not known yet, the more is asked."""
        if user is not None and user.pk and not user.is_employee and not user.is_superuser:
            return settings.PASSWORD_MIN_LENGTH
        return settings.PASSWORD_MIN_LENGTH_STAFF


def _signs(number: int) -> str:
    return f"{number} {plural(number, 'знака', 'знаков', 'знаков')}"


class KnownPasswordRule:
    """Not a password that everybody thinks of, in any layout or spelling."""

    def validate(self, password: str, user: User | None = None) -> None:
        for is_found, text in self._findings(password):
            if is_found:
                raise ValidationError(text, code="password_too_common")

    @staticmethod
    def _findings(password: str):
        yield guessable.is_common(password), "Этот пароль знают все: он есть в списках, по которым подбирают пароли."
        yield guessable.is_repeated(password), "В пароле повторяется одно и то же. Добавьте ещё слов."
        yield guessable.is_walk(password), "Это клавиши или буквы подряд: такие пароли пробуют первыми."
        yield not any(sign.isalpha() for sign in password), "В пароле нет букв: одни цифры подобрать проще всего."
        known = guessable.is_made_of_known(password, _school_words())
        yield (
            known,
            "Одно известное слово, даже с цифрами или в другой раскладке, подбирают быстро. Возьмите два-три слова.",
        )

    def get_help_text(self) -> str:
        return "Не одно слово с цифрами и не клавиши подряд. Лучше два-три слова, не связанных между собой."


class PersonalRule:
    """Nothing that people who know the owner would try: names, login, birth date, mail, phone."""

    TEXT = "В пароле угадываются ваши данные: имя, логин, дата рождения, почта или телефон. Придумайте другой."

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        if self._is_contained(password, user) or self._has_numbers(password, user):
            raise ValidationError(self.TEXT, code="password_personal")
        if guessable.is_made_of_known(password, Vocabulary.of(_own_words(user)), own_needed=True):
            raise ValidationError(self.TEXT, code="password_personal")

    @staticmethod
    def _is_contained(password: str, user: User) -> bool:
        """A long name stands inside, forwards or backwards, in either layout, in Russian or Latin letters."""
        long = {fold(word) for word in _own_words(user) if len(word) >= CONTAINED_FROM}
        sounds = {sound for word in long if len(sound := guessable.skeleton(word)) >= CONTAINED_FROM - 1}
        for reading in guessable.readings(password):
            letters = "".join(re.findall(r"[^\W\d_]+", reading))
            if any(word in way for word in long for way in (letters, letters[::-1], reading)):
                return True
            if letters.isascii() and any(sound in guessable.skeleton(letters) for sound in sounds):
                return True
        return False

    @staticmethod
    def _has_numbers(password: str, user: User) -> bool:
        digits = "".join(filter(str.isdigit, password))
        phone = "".join(filter(str.isdigit, user.phone))[-7:]
        numbers = [phone] if len(phone) == 7 else []
        if user.birth_date:
            numbers += [user.birth_date.strftime(form) for form in ("%d%m%Y", "%Y%m%d", "%d%m%y", "%m%d%Y", "%y%m%d")]
        return any(number in digits for number in numbers)

    def get_help_text(self) -> str:
        return "Без вашего имени, фамилии, логина и даты рождения."


def _own_words(user: User) -> list[str]:
    mail, _, host = user.email.partition("@")
    texts = [user.surname, user.name, user.patronymic, user.username, mail, host.partition(".")[0]]
    return [*_words(*texts), *filter(None, [fold(user.username), fold(mail)])]


def _school_words() -> Vocabulary:
    """Names of the school, its site and its place: the first guess of anybody who wants in."""
    card = SchoolCard.current()
    host = re.sub(r"^\w+://", "", card.site)
    return Vocabulary.of(_words(card.full_name, card.short_name, card.portal_name, card.municipality, host))


def _words(*texts: str) -> list[str]:
    found = (word for text in texts for word in re.findall(r"[^\W\d_]+", fold(text)))
    return [word for word in dict.fromkeys(found) if len(word) >= guessable.SHORTEST_WORD]
