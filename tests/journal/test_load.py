"""The teaching load: lines, replacements, gaps against the curriculum, files out and in."""

import datetime
import io
import random

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.models import AuditEntry, Notification, StoredFile
from eios.lib.dates import today
from journal import books, curriculum, load_plan, rights
from journal.changes import CHANGED
from journal.models import Gradebook, Subgroup, TeachingLoad
from resources.actions.registry import load_registry
from tests.factories import make_class, make_curriculum, make_employee, make_pupil, make_subject, make_year, sign_in
from tests.journal.factories import make_gradebook, make_load

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LOAD = "/journal/load/"
HEAD = ["Учитель", "Класс", "Предмет", "Часов в неделю", "С", "По", "Заменяет"]


@pytest.fixture(autouse=True)
def site(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load_registry(by=Actor.command("tests"))


@pytest.fixture
def deputy(client):
    person = make_employee(position="deputy", surname="Белая")
    sign_in(client, person)
    return person


@pytest.fixture
def book():
    return make_gradebook()


def text_of(client, page: str) -> str:
    answer = client.get(page)
    assert (page, answer.status_code) == (page, 200)
    return " ".join(answer.content.decode().split()).replace("&nbsp;", " ")


def asked(book, teacher, **fields) -> dict:
    year = book.school_class.year
    return {"gradebook": book.pk, "teacher": teacher.pk, "hours": "3", "starts": year.starts.isoformat(), **fields}


@pytest.mark.clause("7.2")
def test_a_line_is_added_changed_and_ended_and_opens_the_gradebook(client, deputy, book):
    teacher = make_employee(surname="Соловьёва")
    year = book.school_class.year
    assert client.post(f"{LOAD}add/", asked(book, teacher)).status_code == 302
    row = TeachingLoad.objects.get()
    assert rights.teaches(teacher, book, today())
    assert "уже внесена" in client.post(f"{LOAD}add/", asked(book, teacher)).content.decode()
    later = asked(book, teacher, starts=(year.starts + DAY).isoformat())
    assert "уже ведёт этот журнал" in client.post(f"{LOAD}add/", later).content.decode()
    outside = asked(book, make_employee(), starts=(year.starts - DAY).isoformat())
    assert "в пределах учебного года" in client.post(f"{LOAD}add/", outside).content.decode()
    seen = client.get(f"{LOAD}{row.pk}/change/").context["form"]["seen"].value()
    changed = {**asked(book, teacher, hours="4,5"), "seen": seen}
    assert client.post(f"{LOAD}{row.pk}/change/", changed).status_code == 302
    text = client.post(f"{LOAD}{row.pk}/change/", {**changed, "hours": "2"}).content.decode()
    assert "изменили (Белая" in text
    yesterday = today() - DAY
    answer = client.post(f"{LOAD}{row.pk}/end/", {"last_day": yesterday.isoformat()})
    row.refresh_from_db()
    assert (answer.status_code, row.ends, float(row.hours), TeachingLoad.objects.count()) == (302, yesterday, 4.5, 1)
    assert not rights.teaches(teacher, book, today())
    bad = client.post(f"{LOAD}{row.pk}/end/", {"last_day": (year.starts - DAY).isoformat()})
    assert "раньше первого" in bad.content.decode()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"teaching_load.added", "teaching_load.changed"}


def test_somebody_replaces_for_some_days(client, deputy, book):
    row = make_load(make_employee(surname="Соловьёва"), book, starts=book.school_class.year.starts)
    other = make_employee(surname="Запасная")
    days = {"teacher": other.pk, "starts": today().isoformat(), "ends": (today() + 5 * DAY).isoformat()}
    page = f"{LOAD}{row.pk}/replace/"
    assert client.post(page, days).status_code == 302
    made = TeachingLoad.objects.get(replaces=row.teacher)
    assert (made.teacher, made.hours, made.ends) == (other, row.hours, today() + 5 * DAY)
    assert [rights.teaches(other, book, today() + number * DAY) for number in (0, 5, 6)] == [True, True, False]
    assert "заменяет: Соловьёва" in text_of(client, LOAD).replace("\N{NO-BREAK SPACE}", " ")
    early = {**days, "starts": (row.starts - 5 * DAY).isoformat(), "ends": (row.starts - DAY).isoformat()}
    assert "заменяют в эти дни" in client.post(page, early).content.decode()
    assert TeachingLoad.objects.count() == 2


@pytest.mark.clause("5.2")
def test_others_see_the_own_load_and_write_nothing(client, book):
    row = make_load(make_employee(surname="Соловьёва"), book)
    other = make_employee(surname="Чужая")
    own = make_load(other, make_gradebook(subject=make_subject("Химия")))
    kept = [f"{LOAD}{page}" for page in ("gaps/", "add/", "import/", f"{row.pk}/change/", f"{row.pk}/end/",
                                         f"{row.pk}/replace/")]  # fmt: skip
    sign_in(client, other)
    text = text_of(client, LOAD)
    assert ["Соловьёва" in text, "Химия" in text] == [False, True]
    assert {client.get(page).status_code for page in kept} == {404}
    posted = {client.post(page, {"last_day": "2026-10-01"}).status_code for page in kept if "gaps" not in page}
    assert posted == {404}
    rows = openpyxl.load_workbook(io.BytesIO(client.get(f"{LOAD}export/").content)).active
    assert rows.max_row == 5
    sign_in(client, make_pupil(school_class=book.school_class))
    assert client.get(LOAD).status_code == 403
    assert (TeachingLoad.objects.count(), own.ends, row.ends) == (2, None, None)


@pytest.mark.clause("6.2")
def test_gaps_against_the_curriculum(client, deputy):
    make_curriculum(approved=True, hours={name: {7: 3} for name in ("Алгебра", "Химия", "Музыка", "Труд", "Язык")})
    school_class = make_class(grade=7)
    own = {name: make_gradebook(school_class=school_class, subject=make_subject(name))
             for name in ("Алгебра", "Химия", "Музыка", "Астрономия")}  # fmt: skip
    make_load(make_employee(), own["Алгебра"], hours=3)
    make_load(make_employee(), own["Химия"], hours=2)
    for name in ("1", "2"):
        group = Subgroup.objects.create(school_class=school_class, subject=make_subject("Язык"), name=name)
        divided = make_gradebook(school_class=school_class, subject=make_subject("Язык"), subgroup=group)
    make_load(make_employee(), divided, hours=3)
    found = curriculum.gaps(school_class.year, today())
    assert sorted((one.subject.name, one.kind) for one in found) == [
        ("Астрономия", "extra"), ("Музыка", "teacher"), ("Труд", "book"), ("Химия", "hours"), ("Язык", "teacher"),
    ]  # fmt: skip
    # Those of the curriculum and the one beside it wait in the cabinet: music, astronomy, a subgroup.
    assert books.untaught(today()).count() == 3
    assert "Нет учителя: 3 журнала" in text_of(client, "/cabinet/")
    text = text_of(client, f"{LOAD}gaps/?kind=hours")
    assert ["По плану 3 ч в неделю, в нагрузке 2 ч." in text, "Труд" in text] == [True, False]


# Files


def workbook(*rows, head=HEAD) -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate([head, *rows]):
            sheet.write_row(number, 0, row)
    return output.getvalue()


def upload(client, content: bytes, name="нагрузка.xlsx"):
    year = make_year()
    return client.post(f"{LOAD}import/", {"year": year.pk, "file": SimpleUploadedFile(name, content)}, follow=True)


def test_a_file_is_shown_then_loaded_and_the_export_changes_nothing(client, deputy, book):
    teacher = make_employee(surname="Соловьёва", name="Ольга", patronymic="Юрьевна")
    make_employee(surname="Запасная", name="Ирина", patronymic="Львовна")
    make_subject("Химия", aliases="Неорганическая химия")
    known = make_load(teacher, book, starts=book.school_class.year.starts, hours=3)
    make_class(grade=8)
    name, year = "Соловьёва Ольга Юрьевна", book.school_class.year
    content = workbook(
        [name, "7А", "алгебра", "4,5", "", "", ""],
        ["Соловьёва О. Ю.", "8-а", "неорганическая химия", 2, "", "", ""],
        ["Запасная Ирина Львовна", "7 «А»", "Алгебра", "", f"{year.starts:%d.%m.%Y}",
         f"{year.starts + 5 * DAY:%d.%m.%Y}", name],
    )  # fmt: skip
    answer = upload(client, content)
    assert [(one.name, count) for one, count in answer.context["plan"].counts] == [
        ("NEW", 2), ("CHANGED", 1), ("SAME", 0), ("ERROR", 0),
    ]  # fmt: skip
    assert TeachingLoad.objects.count() == 1
    page, seen = answer.request["PATH_INFO"], answer.context["plan"].mark
    text = client.post(page, {"seen": "foreign"}, follow=True).content.decode()
    assert ("нагрузка изменилась" in text, TeachingLoad.objects.count()) == (True, 1)
    assert "Нагрузка обновлена" in client.post(page, {"seen": seen}, follow=True).content.decode()
    known.refresh_from_db()
    chemistry = TeachingLoad.objects.get(gradebook__subject__name="Химия")
    replacing = TeachingLoad.objects.get(replaces=teacher)
    assert (float(known.hours), chemistry.gradebook.school_class.grade) == (4.5, 8)
    assert replacing.ends == year.starts + 5 * DAY
    counts = {one: AuditEntry.objects.filter(action=f"teaching_load.{one}").count() for one in ("added", "changed")}
    assert counts == {"added": 2, "changed": 1}
    # What is exported, loaded back, changes nothing.
    exported = client.get(f"{LOAD}export/?all=on").content
    plan = upload(client, exported).context["plan"]
    assert (plan.count(load_plan.Outcome.SAME), plan.can_be_applied) == (3, False)


def test_mistakes_of_a_file_are_told_at_once_and_nothing_is_written(client, deputy, book):
    for _ in range(2):
        make_employee(surname="Тёзкина", name="Ия", patronymic="Ильинична")
    teacher = make_employee(surname="Соловьёва", name="Ольга", patronymic="Юрьевна").get_full_name()
    year = book.school_class.year
    content = workbook(
        ["Никто Не Найден", "7А", "Алгебра", "3", "", "", ""],
        ["Тёзкина Ия Ильинична", "7А", "Алгебра", "3", "", "", ""],
        [teacher, "9Я", "Алгебра", "3", "", "", ""],
        [teacher, "7А", "Магия", "сто", "", "", ""],
        [teacher, "7А", "Алгебра", "3", f"{year.starts - DAY:%d.%m.%Y}", "", ""],
        [teacher, "7А", "Алгебра", "3", "", "", teacher],
        [teacher, "7А", "Алгебра", "NaN", "", "", ""],
        [teacher, "7А", "Алгебра", "3", f"{year.starts + 9 * DAY:%d.%m.%Y}", "", ""],
        [teacher, "7А", "Алгебра", "3", f"{year.starts + 20 * DAY:%d.%m.%Y}", "", ""],
    )  # fmt: skip
    plan = upload(client, content).context["plan"]
    told = {one.row.number: " ".join(one.remarks) for one in plan.items}
    expected = {2: "нет", 3: "Логин", 4: "класса «9Я»", 5: "часы — число", 6: "не этот учебный год",
                7: "замещают другого", 8: "часы — число", 9: "эти дни уже есть", 10: "эти дни уже есть"}  # fmt: skip
    assert {number for number, words in expected.items() if words not in told[number]} == set()
    assert not plan.can_be_applied
    for head, rows, words in ((["ФИО"], [["x"]], "Не хватает столбцов"), (HEAD, [], "ни одной строки")):
        answer = upload(client, workbook(*rows, head=head))
        assert words in answer.content.decode()
    assert (TeachingLoad.objects.count(), Gradebook.objects.count()) == (0, 1)
    file = StoredFile.objects.filter(kind="teaching_load").get()
    other = make_employee(position="director")
    sign_in(client, other)
    assert client.get(f"{LOAD}import/{file.pk}/{year.pk}/").status_code == 404


def test_the_order_of_lines_does_not_matter(book):
    """Property: the same lines in any order make the same plan."""
    people = [make_employee(surname=f"Учи{letter}", name="Анна") for letter in "абвг"]
    make_subject("Химия")
    names = [one.get_full_name() for one in people]
    lines = [[name, "7А", subject, "2", "", "", ""] for name in names for subject in ("Алгебра", "Химия")]
    year, seen = book.school_class.year, set()
    for seed in range(5):
        random.Random(seed).shuffle(lines)
        plan = load_plan.plan_of(workbook(*lines), year, today())
        seen.add(frozenset((one.load.teacher_id, str(one.load.gradebook), one.outcome) for one in plan.items))
        assert len(plan.new_books) == 1
    assert len(seen) == 1


def test_replacements_of_a_file_are_told_once_to_each(book, client, deputy):
    teacher, other = make_employee(surname="Соловьёва"), make_employee(surname="Запасная")
    second = make_gradebook(school_class=book.school_class, subject=make_subject("Химия"))
    for one in (book, second):
        make_load(teacher, one, starts=book.school_class.year.starts)
    starts, ends = (f"{day:%d.%m.%Y}" for day in (today(), today() + 2 * DAY))
    lines = [
        [other.get_full_name(), "7А", one.subject.name, "3", starts, ends, teacher.get_full_name()]
        for one in (book, second)
    ]
    answer = upload(client, workbook(*lines))
    page, seen = answer.redirect_chain[-1][0], answer.context["confirm"]["seen"].value()
    assert client.post(page, {"seen": seen}).status_code == 302
    told = {one.person: one.text for one in Notification.objects.filter(kind=CHANGED)}
    assert set(told) == {teacher, other}
    assert Notification.objects.filter(kind=CHANGED).count() == 2
    assert [words in told[other] for words in (str(book), str(second), starts, ends)] == [True] * 4
