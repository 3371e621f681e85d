"""Which passwords people may have, and the verbs that set them."""

import datetime
import gzip
import itertools

import pytest
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import guessable
from accounts.actions.passwords import issue_password, keep_issued_password, set_own_password
from accounts.actor import Actor
from accounts.models import AuditEntry, SchoolCard, User
from accounts.one_time import ALPHABET
from eios.lib.russian import transliterate
from tests.factories import (
    make_class,
    make_edition,
    make_element,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
GOOD = [
    "жираф-кефир-7",
    "три весёлых бобра",
    "kofejnik i gamak",
    "Трамвай!Облепиха",
    "veloNosok#Tuchka",
    "kxq7wmt4pz",
    "гвоздика под дождём",
]
COMMAND = Actor.command("test")


def problems(password: str, person: User | None = None) -> list[str]:
    """Codes of what is wrong with a password."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [one.code for one in error.error_list]
    return []


@pytest.fixture
def pupil():
    return make_pupil(
        surname="Щербакова", name="Юлия", patronymic="Жановна", username="shcherbakovaiuzh",
        email="yuliasha@example.ru", phone="+7 (918) 123-45-67", birth_date=datetime.date(2012, 5, 9),
    )  # fmt: skip


# Length


def test_pupils_and_parents_need_eight_signs_and_employees_twelve():
    child = make_pupil()
    both = make_employee()
    people = {"pupil": child, "parent": make_parent(child=child), "employee": both, "unknown": None}
    SchoolCard.objects.update_or_create(pk=1, defaults={"parents_have_cabinets": True})
    eight, twelve = "vjq-kxwp", "vjq-kxwp-zrd"
    short = {who: problems(eight, person) for who, person in people.items()}
    assert short == {"pupil": [], "parent": [], "employee": ["password_too_short"], "unknown": ["password_too_short"]}
    assert {who: problems(twelve, person) for who, person in people.items()} == dict.fromkeys(people, [])


@pytest.mark.parametrize(
    ("length", "found"), [(7, ["password_too_short"]), (8, []), (128, []), (129, ["password_too_long"])]
)
def test_length_is_bounded_on_both_sides(pupil, length, found):
    password = "".join(itertools.islice(itertools.cycle("vjqkxwpzrd-ъщцфэ"), length))
    assert [code for code in problems(password, pupil) if "long" in code or "short" in code] == found


def test_the_lengths_are_settings(pupil, settings):
    settings.PASSWORD_MIN_LENGTH = 14
    assert problems("vjq-kxwp-zrd", pupil) == ["password_too_short"]


@pytest.mark.parametrize("password", GOOD)
def test_good_passwords_pass(pupil, password):
    assert problems(password, pupil) == []


@pytest.mark.parametrize(
    "password", ["жираф кефир", "Ёжик-поёт-гимн", "пароход № «Ельня»", "😀 восемь знаков", "a" * 3 + "ёлка-изба-гора"]
)
def test_spaces_and_any_signs_are_welcome(pupil, password):
    assert problems(password, pupil) == []


# What everybody thinks of

COMMON = """
password password1 Password123 iloveyou sunshine1 qwerty123 1q2w3e4r5t letmein123 dragon2010
пароль12 парольпароль Пароль2026 солнышко солнышко2015 Солнышко! любимая1 котёнок2010 спартак1922
майнкрафт майнкрафт123 школа2026 учитель1 привет123 приветпривет Наташа1985 Алексей2010
ghbdtn123 gfhjkm12 gfhjkm2026 cjkysirj k.,bvfz1 Yfnfif1985 vfqyrhfan
parol2026 privet123 solnyshko solnishko1 kotenok2010 lyubimaya liubimaia maynkraft1 natasha85
пфкшюк зфыыцщкв йцукенгш цукен2010 p@ssw0rd1 пар0ль2026 s0lnyshk0
мамапапа mamapapa1 ЛюблюМаму кот-собака
"""


@pytest.mark.parametrize("password", COMMON.split())
def test_what_everybody_thinks_of_is_refused(pupil, password):
    assert "password_too_common" in problems(password.ljust(8, "1"), pupil)


WALKS = """
qwertyuiop йцукенгшщз asdfghjkl фывапролдж zxcvbnm1 1qaz2wsx3edc qazwsxedc 12345678 87654321 0987654321
abcdefgh абвгдежз йфяцычув qwer1234 zaq12wsx
"""
REPEATED = ["aaaaaaaa", "ввввввввв", "12121212", "abcabcabc", "абвабвабв", "qweqweqwe", "1a2b1a2b", "xyzxyzxyzx"]
NUMBERS = ["12052010", "20100512", "1205201012", "89181234567", "2010-2026", "12.05.2010", "19850624", "3141592653"]


@pytest.mark.parametrize("password", WALKS.split() + REPEATED + NUMBERS)
def test_walks_repeats_and_bare_numbers_are_refused(pupil, password):
    assert "password_too_common" in problems(password, pupil)


@pytest.mark.parametrize(
    "tail", ["1", "12", "2010", "1985", "12052010", "120510", "!", "!!!", "_2026", "123456", "111", "."]
)
def test_a_word_with_usual_numbers_stays_a_word(pupil, tail):
    assert "password_too_common" in problems(f"снегурочка{tail}", pupil)


def test_a_word_with_an_unusual_number_or_two_long_words_pass(pupil):
    assert [
        problems(password, pupil) for password in ("снегурочка-73918", "снегурочка-трактор", "трактор дельфин")
    ] == [[], [], []]


def test_the_list_holds_more_than_three_thousand_entries_of_each_length():
    common = guessable.common_passwords()
    assert sum(len(password) >= 8 for password in common) > 3000
    assert len(guessable.common_words().words) > 8000
    # Of twelve signs and more, the rule itself makes the entries: a known word and a number that people add.
    words = sorted(word for word in guessable.common_words().words if not word.isascii() and len(word) >= 8)
    long = [
        f"{word}{tail}"
        for word in words[:400]
        for tail in ("2010", "1985", "1234", "12345678", "!2026", "2015!", "120510", "1111")
    ]
    assert len({password for password in long if guessable.is_made_of_known(password)}) == len(long) > 3000


def test_every_listed_word_is_found_in_the_other_layout_and_in_latin_letters():
    listed = gzip.decompress(guessable.WORDS_FILE.read_bytes()).decode().split()
    words = [word for word in listed if not word.isascii() and len(word) >= 6][::20]
    assert len(words) > 150
    swapped = [word for word in words if not guessable.is_made_of_known(word.translate(guessable.TO_LATIN))]
    written = [word for word in words if not guessable.is_made_of_known(transliterate(word))]
    assert (swapped, written) == ([], [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lyublyu", "liubliu"),
        ("lublu", "люблю"),
        ("xorosho", "хорошо"),
        ("schastye", "счастье"),
        ("Mariya", "мария"),
        ("nastja", "настя"),
    ],
)
def test_spellings_in_latin_letters_are_one(one, other):
    assert guessable.skeleton(one) == guessable.skeleton(other)


# What people who know the owner would try


OWN = """
Щербакова1 щербаковащербакова мояЩербаковатут shcherbakova scherbakova-hgw aвокаbщербакова Oth,frjdf1 авокабрещ
Юлия2012 ulia2012-ulia yuliya09 Жановна-1205 zhanovna1 shcherbakovaiuzh SHCHERBAKOVAIUZH7
yuliasha@example.ru yuliasha77 xqv09052012 20120509-zrq zrqx-090512 кфт1234567рй юлия-щербакова жановна-щербакова-юлия
"""


@pytest.mark.parametrize("password", OWN.split())
def test_the_owners_data_are_refused(pupil, password):
    assert "password_personal" in problems(password, pupil)


@pytest.mark.parametrize(
    "password", ["жираф-кефир-7", "саванна-бутерброд", "2012-трамвай-осока", "июль-автобус-кабачок"]
)
def test_what_only_resembles_the_owners_data_passes(pupil, password):
    assert problems(password, pupil) == []


def test_a_short_name_inside_another_word_does_no_harm():
    assert problems("диван-радуга-гвоздь", make_pupil(name="Иван", surname="Ли", patronymic="")) == []


@pytest.mark.parametrize(
    "password",
    ["школа-29", "school-29", "школа № 29", "shkola29!", "Примерская29", "primerskoy29", "станица29Примерская"],
)
def test_the_schools_name_number_and_site_are_refused(pupil, school, password):
    name = "МБОУ СОШ № 29 станицы Примерской"
    school(full_name=name, short_name="Школа № 29", site="http://school-29.example/")
    assert "password_too_common" in problems(password, pupil)


def test_messages_are_russian_and_tell_what_to_do(pupil):
    with pytest.raises(ValidationError) as error:
        validate_password("юлия", pupil)
    assert error.value.messages == [
        "Слишком коротко: нужно не меньше 8 знаков.",
        "Одно известное слово, даже с цифрами или в другой раскладке, подбирают быстро. Возьмите два-три слова.",
        "В пароле угадываются ваши данные: имя, логин, дата рождения, почта или телефон. Придумайте другой.",
    ]
    assert "Не короче 8 знаков, для работников школы — 12 знаков." in password_validators_help_text_html()


# The verbs


@pytest.mark.clause("12.1")
def test_an_issued_password_is_readable_random_and_kept_only_as_a_hash():
    person = make_pupil(must_change_password=False)
    issued = [issue_password(person, by=COMMAND) for _ in range(20)]
    assert len(set(issued)) == 20
    assert {len(password) for password in issued} == {10}
    assert set("".join(issued)) <= set(ALPHABET)
    assert not set("0oO1lIi") & set(ALPHABET)
    stored = User.objects.get(pk=person.pk)
    assert (stored.check_password(issued[-1]), stored.check_password(issued[0]), stored.must_change_password) == (
        True,
        False,
        True,
    )
    assert issued[-1] not in str(list(User.objects.values_list())) + str(list(AuditEntry.objects.values_list()))


def test_every_change_of_a_password_moves_the_epoch_and_is_recorded():
    person = make_pupil()
    issue_password(person, by=COMMAND, basis="Утерян листок")
    set_own_password(person, "жираф-кефир-7", by=Actor(person, "198.51.100.7", person.username))
    keep_issued_password(person, by=COMMAND)
    assert (person.session_epoch, person.must_change_password) == (3, False)
    rows = AuditEntry.objects.order_by("pk").values_list("action", "actor", "changes", "basis")
    assert list(rows) == [
        ("password.issued", None, {}, "Утерян листок"),
        ("password.changed", person.pk, {}, ""),
        ("password.kept", None, {}, ""),
    ]


# The first password

NEW = {"password1": "жираф-кефир-7", "password2": "жираф-кефир-7"}


@pytest.fixture
def newcomer(client):
    """Signed in with the password of the slip a moment ago."""
    make_element(slug="cabinet", closure=1, kind="built_in")
    make_edition()
    person = make_pupil(username="newcomer", password="slip-password", must_change_password=True)
    client.post("/login/", {"login": "newcomer", "password": "slip-password"})
    return person


@pytest.mark.clause("12.1")
@pytest.mark.parametrize(
    "path", ["/cabinet/", "/account/devices/", "/account/password/", "/account/factor/", "/agreement/"]
)
def test_before_the_own_password_nothing_else_opens(client, newcomer, path):
    assert client.get(path)["Location"].split("?")[0] == "/password/first/"
    assert client.post(path)["Location"].split("?")[0] == "/password/first/"


@pytest.mark.clause("12.1")
def test_the_own_password_replaces_the_issued_one_and_one_goes_on(client, newcomer):
    assert [*client.get("/password/first/").context["form"].fields] == ["password1", "password2"]
    response = client.post("/password/first/?next=/elements/", NEW)
    assert response["Location"] == "/elements/"
    assert client.get("/cabinet/")["Location"] == "/agreement/"
    assert Client().post("/login/", {"login": "newcomer", "password": "slip-password"}).status_code == 200
    assert Client().post("/login/", {"login": "newcomer", "password": "жираф-кефир-7"}).status_code == 302
    assert client.get("/password/first/")["Location"].startswith("/agreement/")


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        (
            {"password1": "жираф-кефир-7", "password2": "другое"},
            "password2",
            "Пароли не совпадают: введите одно и то же дважды.",
        ),
        (
            {"password1": "slip-password", "password2": "slip-password"},
            "password1",
            "Новый пароль совпадает с прежним. Придумайте другой.",
        ),
        ({"password1": "коротко", "password2": "коротко"}, "password1", "Слишком коротко: нужно не меньше 8 знаков."),
        ({}, "password1", "Обязательное поле."),
    ],
)
def test_a_bad_first_password_is_explained(client, newcomer, values, field, message):
    form = client.post("/password/first/", values).context["form"]
    assert message in form.errors[field]
    assert User.objects.get(pk=newcomer.pk).must_change_password


def test_where_signing_in_was_long_ago_the_issued_password_is_asked_again(client, newcomer):
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 11 * 60
    session.save()
    assert [*client.get("/password/first/").context["form"].fields] == ["current", "password1", "password2"]
    refused = client.post("/password/first/", {**NEW, "current": "wrong"})
    assert refused.context["form"].errors["current"] == ["Неверный пароль."]
    assert client.post("/password/first/", {**NEW, "current": "slip-password"})["Location"] == "/cabinet/"


def test_other_sessions_end_with_the_first_password_and_this_one_stays(client, newcomer):
    other = Client()
    other.post("/login/", {"login": "newcomer", "password": "slip-password"})
    client.post("/password/first/", NEW)
    assert client.get("/password/first/").status_code == 302
    assert client.get("/cabinet/")["Location"] == "/agreement/"
    assert other.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"


def little(client, grade: int) -> User:
    make_element(slug="cabinet", closure=1, kind="built_in")
    person = make_pupil(school_class=make_class(grade=grade), must_change_password=True, password="slip")
    sign_in(client, person)
    return person


def test_pupils_of_the_first_four_grades_may_keep_the_slip(client):
    person = little(client, 4)
    page = client.get("/password/first/?next=/elements/")
    assert page.context["keep_url"] == "/password/first/keep/?next=%2Felements%2F"
    assert page.context["keep_url"] in page.content.decode()
    assert client.post(page.context["keep_url"])["Location"] == "/elements/"
    stored = User.objects.get(pk=person.pk)
    assert (stored.must_change_password, stored.check_password("slip")) == (False, True)
    assert client.get("/cabinet/").status_code == 200


def test_older_pupils_may_not(client):
    person = little(client, 5)
    page = client.get("/password/first/")
    assert (page.context["may_keep"], "/keep/" in page.content.decode()) == (False, False)
    assert client.post("/password/first/keep/")["Location"] == "/cabinet/"
    assert User.objects.get(pk=person.pk).must_change_password


def test_nobody_may_where_the_school_says_so(client, school):
    school(juniors_keep_password=False)
    person = little(client, 1)
    client.post("/password/first/keep/")
    assert User.objects.get(pk=person.pk).must_change_password


def test_guests_are_sent_to_sign_in(client):
    assert client.get("/password/first/")["Location"] == "/login/?next=/password/first/"
    assert client.post("/password/first/keep/")["Location"] == "/login/?next=/password/first/keep/"
    assert client.get("/password/first/keep/").status_code == 302


# Change

CHANGE = {"oldpassword": "secret", **NEW}


@pytest.fixture
def at_home(client):
    make_element(slug="cabinet", closure=1, kind="built_in")
    person = make_pupil(username="pupil", password="secret")
    sign_in(client, person)
    return person


@pytest.mark.clause("12.1")
def test_a_change_ends_other_sessions_and_keeps_this_one(client, at_home):
    other = Client()
    sign_in(other, at_home)
    assert other.get("/cabinet/").status_code == 200
    response = client.post("/account/password/", CHANGE)
    assert (response.status_code, response["Location"]) == (302, "/cabinet/")
    assert client.get("/cabinet/").status_code == 200
    assert other.get("/cabinet/")["Location"] == "/login/?next=/cabinet/"
    person = User.objects.get(pk=at_home.pk)
    assert (person.check_password("жираф-кефир-7"), person.session_epoch) == (True, 2)
    assert AuditEntry.objects.get(action="password.changed").actor_id == at_home.pk


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"oldpassword": "guess"}, "oldpassword", "Неверный пароль."),
        ({"password2": "другое"}, "password2", "Пароли не совпадают: введите одно и то же дважды."),
        ({"password1": "secret", "password2": "secret"}, "password1", "Слишком коротко: нужно не меньше 8 знаков."),
        ({"password1": "солнышко", "password2": "солнышко"}, "password1", None),
    ],
)
def test_a_bad_change_is_explained(client, at_home, changed, field, message):
    form = client.post("/account/password/", {**CHANGE, **changed}).context["form"]
    assert [*form.errors] == [field]
    assert message is None or message in form.errors[field]
    assert User.objects.get(pk=at_home.pk).check_password("secret")


def test_the_new_password_differs_from_the_old_one(client):
    make_element(slug="cabinet", closure=1, kind="built_in")
    sign_in(client, make_pupil(password="жираф-кефир-7"))
    form = client.post("/account/password/", {"oldpassword": "жираф-кефир-7", **NEW}).context["form"]
    assert form.errors["password1"] == ["Новый пароль совпадает с прежним. Придумайте другой."]


def test_words_are_loaded_only_when_a_password_is_set():
    guessable.common_words.cache_clear()
    person = make_person(password="secret")
    Client().post("/login/", {"login": person.username, "password": "secret"})
    assert guessable.common_words.cache_info().currsize == 0
