"""Lists of participants and records of achievements from files: twice, unknown names, bad cells, undone (11.1-11.3)."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry, ImportBatch, Notification
from eios.lib.dates import today
from portfolio.actions import imports as actions
from portfolio.importing import words as words_read
from portfolio.importing.columns import OLYMPIAD, RECORD
from portfolio.importing.plan import plan_of
from portfolio.models import Achievement, Event, Portfolio
from resources.actions.subjects import load_subjects
from resources.models import Subject
from tests import factories
from tests.factories import sign_in
from tests.journal.importing import xlsx
from tests.portfolio.factories import make_achievement, make_event
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.1", "11.2", "11.3")]
HEAD = {
    "title": "Олимпиада школьников", "sphere": "academic", "stage": "municipal", "level": "municipal",
    "mode": "in_person", "organiser": "", "subject": "",
}  # fmt: skip
LIST = """Протокол муниципального этапа

№;ФИО;Класс;Предмет;Статус;Балл;Наставник
1;Арбузов Пётр Ильич;8А;Физика;победитель;45,5;Орлова М. П.
2;Березкина Анна;8;Физика;призёр;40;
3;Берёзкина А. С.;8 «А»;Химия;;12;
4;Ёлка Т.;8А;Физика;участник;3;
5;Арбузов Пётр Ильич;8А;Химия;не явился;;
"""
RECORDS = """ФИО;Класс;Мероприятие;Уровень;Сфера;Результат;Дата
Арбузов Пётр Ильич;8А;Живая классика;городской;творчество;диплом II степени;20.10.2026
Берёзкина Анна Сергеевна;8А;Кросс нации;всероссийский;спорт;1 место;21.09.2026
Вишнёв Олег Олегович;8Б;Кросс нации;всероссийский;спорт;участник;21.09.2026
"""


def by(person) -> Actor:
    return Actor(person, None, person.username)


@pytest.fixture
def school(site):
    load_subjects(by=Actor.command("проверка"))
    year = factories.make_year(starts=datetime.date(2026, 9, 1))
    own, other = (factories.make_class(grade=8, letter=letter, year=year) for letter in "АБ")

    def pupil(surname, name, patronymic, school_class=own):
        return factories.make_pupil(
            school_class=school_class, surname=surname, name=name, patronymic=patronymic, starts=year.starts
        )

    return {
        "arbuzov": pupil("Арбузов", "Пётр", "Ильич"),
        "berezkina": pupil("Берёзкина", "Анна", "Сергеевна"),
        "elkin": pupil("Ёлкин", "Тимофей", "Олегович"),
        "vishnev": pupil("Вишнёв", "Олег", "Олегович", other),
        "teacher": factories.make_employee(position="teacher"),
        "lead": factories.make_employee(position="class_teacher", school_class=own),
        "deputy": factories.make_employee(position="deputy"),
    }


def take(text: str | bytes, person, *, purpose=OLYMPIAD, as_of="", head=None, whole=None) -> ImportBatch:
    data = text if isinstance(text, bytes) else text.encode()
    day = datetime.date.fromisoformat(as_of) if as_of else None
    said = head or (HEAD | {"date": "2026-11-20"} if purpose == OLYMPIAD else {"sphere": "academic", "level": "school"})
    source = "Список участников" if purpose == OLYMPIAD else "СГО"
    file = SimpleUploadedFile("список.csv", data)
    return actions.take_file(file, purpose=purpose, source=source, head=said, as_of=day, whole=whole, by=by(person))


def seen(batch: ImportBatch):
    return plan_of(batch, asker=batch.created_by, date=today())


def apply(batch: ImportBatch, **more) -> dict[str, int]:
    return actions.apply_batch(batch, seen=seen(batch).mark, by=by(batch.created_by), **more)


def everything() -> list:
    names = [field.attname for field in Achievement._meta.concrete_fields]
    return [sorted(map(str, Achievement.objects.values_list(*names))), list(Event.objects.values_list("title", "date"))]


def test_a_list_is_loaded_once_by_pages_whatever_it_calls_the_pupils(client, school):
    """Windows-1251; a name without a patronymic, with initials, unknown; the same list again doubles nothing."""
    sign_in(client, school["teacher"])
    form = HEAD | {"date": "2026-11-20", "file": SimpleUploadedFile("список.csv", LIST.encode("cp1251"))}
    page = client.post("/portfolio/imports/olympiad/", form, follow=True)
    batch = ImportBatch.objects.get()
    address = f"/portfolio/imports/{batch.pk}/"
    shown = page.content.decode()
    assert "Обучающийся «Ёлка Т.»" in shown
    assert "Не участвовал." in shown
    assert Achievement.objects.count() == 0
    refused = client.post(f"{address}apply/", {"seen": seen(batch).mark}, follow=True).content.decode()
    assert "Сначала ответьте, что значат незнакомые имена" in refused
    name = re.search(r'name="(answer-[0-9a-f]+)"', shown)[1]
    client.post(f"{address}answer/", {name: school["elkin"].pk})
    assert "Загружено. Новых записей: 4" in client.post(
        f"{address}apply/", {"seen": seen(batch).mark}, follow=True
    ).content.decode()  # fmt: skip
    values = ("pupil__surname", "event__subject__name", "outcome", "place", "mentor", "grade", "level", "origin")
    level = ("municipal", "staff")
    assert sorted(Achievement.objects.values_list(*values)) == [
        ("Ёлкин", "Физика", "participant", "баллы: 3", "", 8, *level),
        ("Арбузов", "Физика", "winner", "баллы: 45,5", "Орлова М. П.", 8, *level),
        ("Берёзкина", "Физика", "prize", "баллы: 40", "", 8, *level),
        ("Берёзкина", "Химия", "participant", "баллы: 12", "", 8, *level),
    ]
    assert Event.objects.filter(created_by=school["teacher"], batch=batch).count() == 2
    asked = client.get(f"{address}undo/").content.decode()
    assert ("Добавленные записи (4) исчезнут" in asked, "станут прежними" in asked) == (True, False)

    again = client.post(
        "/portfolio/imports/olympiad/", form | {"file": SimpleUploadedFile("список.csv", LIST.encode())}, follow=True
    )
    assert "Всё уже загружено." in again.content.decode()
    assert [Achievement.objects.count(), Event.objects.count()] == [4, 2]
    district = "ФИО;Класс;Предмет\nЁлкин Тимофей;8А;Химия\n" + "".join(f"Чужой{n} Чу;8\n" for n in range(60))
    page = client.post(
        "/portfolio/imports/olympiad/", form | {"file": SimpleUploadedFile("район.csv", district.encode())}, follow=True
    )
    assert "нашёл тёзок: 60" in page.content.decode()
    address = f"/portfolio/imports/{ImportBatch.objects.first().pk}/"
    page = client.post(f"{address}answer/", {"skip_unknown": "on"}, follow=True).content.decode()
    assert "Среди обучающихся такого нет." in page
    assert "Применить загрузку" in page
    sign_in(client, school["lead"])
    assert client.get(address).status_code == 404
    assert "Арбузов" not in client.get("/portfolio/imports/").content.decode()
    assert client.get("/portfolio/imports/olympiad/template.xlsx").status_code == 200


def test_a_corrected_list_changes_its_rows_and_is_undone_whole(school):
    teacher, deputy = school["teacher"], school["deputy"]
    head = "ФИО;Класс;Предмет;Результат;Место\n"
    first = take(head + "Арбузов Пётр;8А;Физика;призёр;2\nБерёзкина Анна;8А;Физика;участник;\n", teacher)
    apply(first)
    before = everything()
    second = take(head + "Арбузов Пётр;8А;Физика;победитель;1\nЁлкин Тимофей;8А;Физика;участник;\n", teacher)
    assert apply(second) == {"error": 0, "changed": 1, "gone": 0, "new": 1, "passed": 0, "same": 0}
    with pytest.raises(ValidationError, match=f"изменила загрузка № {second.pk}"):
        actions.undo_batch(first, reason="Ошибка", by=by(teacher))
    double = make_achievement(school["elkin"], same_as=school["elkin"].achievements.get())
    actions.undo_batch(second, reason="Ошибка", by=by(teacher))
    double.refresh_from_db()
    assert double.same_as is None
    double.delete()
    assert everything() == before
    with pytest.raises(ValidationError, match="Отменить можно только применённую"):
        actions.undo_batch(second, reason="Ещё раз", by=by(teacher))

    event = Event.objects.get()
    extra = make_achievement(school["elkin"], event=event, origin="staff", title=event.title, date=event.date)
    with pytest.raises(ValidationError, match="потом добавили участников"):
        actions.undo_batch(first, reason="Ошибка", by=by(deputy))
    extra.delete()
    frozen = Portfolio.objects.create(pupil=school["arbuzov"], frozen_at=timezone.now())
    with pytest.raises(ValidationError, match="Портфолио закрыто"):
        actions.undo_batch(first, reason="Ошибка", by=by(deputy))
    frozen.delete()
    Achievement.objects.filter(pupil=school["arbuzov"]).update(mentor="Другой")
    with pytest.raises(ValidationError, match="изменены или убраны её записи: 1"):
        actions.undo_batch(first, reason="Ошибка", by=by(deputy))
    Achievement.objects.filter(pupil=school["arbuzov"]).update(mentor="")
    actions.undo_batch(first, reason="Ошибка", by=by(deputy))
    assert everything() == [[], []]
    told = AuditEntry.objects.filter(action__startswith="import_batch.").order_by("pk").values_list("action", flat=True)
    assert [one.split(".")[1] for one in told] == ["added", "applied", "added", "applied", "undone", "undone"]


def test_records_are_loaded_by_those_who_lead_the_class_and_keep_their_source(client, school):
    """The class teacher loads the own class; a later file refreshes, an older one changes nothing."""
    sign_in(client, school["teacher"])
    assert client.get("/portfolio/imports/record/").status_code == 403
    lead = take(RECORDS, school["lead"], purpose=RECORD, as_of="2026-11-22")
    assert apply(lead) == {"error": 0, "changed": 0, "gone": 0, "new": 2, "passed": 1, "same": 0}
    values = ("title", "sphere", "level", "outcome", "origin", "state", "source", "event", "grade")
    assert Achievement.objects.filter(pupil=school["arbuzov"]).values_list(*values).get() == (
        "Живая классика", "arts", "municipal", "prize", "record", "confirmed", "СГО", None, 8,
    )  # fmt: skip
    before = everything()
    corrected = RECORDS.replace("1 место", "участие").replace("8Б", "8 Б")
    deputy = take(xlsx([line.split(";") for line in corrected.splitlines()]), school["deputy"], purpose=RECORD,
                  as_of="2026-11-23")  # fmt: skip
    plan = seen(deputy)
    assert [len(plan.new), len(plan.changed), len(plan.fresh)] == [1, 1, 1]
    apply(deputy)
    days = {timezone.localdate(row.as_of) for row in Achievement.objects.all()}
    assert days == {datetime.date(2026, 11, 23)}
    older = seen(take(RECORDS, school["deputy"], purpose=RECORD, as_of="2026-11-21"))
    assert [line.what for line in older.lines] == ["На портале данные новее: на 23.11.2026."] * 3
    actions.undo_batch(deputy, reason="Не тот файл", by=by(school["deputy"]))
    assert everything() == before
    school["lead"].appointments.update(ends=today() - datetime.timedelta(days=1))
    former = type(school["lead"]).objects.get(pk=school["lead"].pk)
    with pytest.raises(ValidationError, match="не вашего класса"):
        actions.undo_batch(lead, reason="Не надо", by=by(former))


def test_what_a_whole_record_has_no_longer_goes_and_comes_back(client, school):
    """Of the pupils whom the file names, in the days of which it has everything; nothing of others, nothing newer."""
    deputy = school["deputy"]
    more = "Арбузов Пётр Ильич;8А;Старое;школьный;спорт;участник;20.09.2025\n"
    apply(take(RECORDS + more, deputy, purpose=RECORD, as_of="2026-11-22"))
    row = Achievement.objects.get(title="Живая классика")
    make_achievement(school["arbuzov"], date=row.date, title="Своё")
    before = everything()
    days = datetime.date(2026, 9, 1), datetime.date(2026, 11, 20)
    rest = "ФИО;Мероприятие;Дата\nАрбузов Пётр Ильич;Новое;01.10.2026\n"
    bad = seen(
        take(rest + "Арбузов Пётр Ильич;Новое;не дата\n", deputy, purpose=RECORD, as_of="2026-11-23", whole=days)
    )
    assert [bad.errors, bad.gone] == [1, []]
    older = seen(take(rest, deputy, purpose=RECORD, as_of="2026-11-21", whole=days))
    assert older.gone == []
    batch = take(rest, deputy, purpose=RECORD, as_of="2026-11-23", whole=days)
    sign_in(client, deputy)
    shown = client.get(f"/portfolio/imports/{batch.pk}/?show=gone").content.decode()
    assert "Живая классика" in shown
    assert "Кросс нации" not in shown
    assert apply(batch)["gone"] == 1
    assert set(school["arbuzov"].achievements.values_list("title", flat=True)) == {"Старое", "Своё", "Новое"}
    again = take(RECORDS, deputy, purpose=RECORD, as_of="2026-11-23")
    apply(again)
    with pytest.raises(ValidationError, match="загрузили снова: Живая классика"):
        actions.undo_batch(batch, reason="Ошибка", by=by(deputy))
    actions.undo_batch(again, reason="Ошибка", by=by(deputy))
    actions.undo_batch(batch, reason="Ошибка", by=by(deputy))
    assert everything() == before
    file = {"file": SimpleUploadedFile("р.csv", RECORDS.encode()), "starts": "2026-09-01", "as_of": "2026-11-22"}
    page = client.post(
        "/portfolio/imports/record/", {"source": "Моя школа", "sphere": "sport", "level": "school"} | file
    )
    assert "Укажите оба дня" in page.content.decode()


def test_what_is_wrong_in_a_file_is_told_with_its_place_and_nothing_is_half_done(client, school):
    rows = [
        "ФИО;Класс;Предмет;Результат;Балл;Выступает за класс",
        "Арбузов Пётр Ильич;99Я;Физика;призёр;1;",
        "Арбузов Пётр Ильич;8А;Чернокнижие;призёр;1;",
        "Арбузов Пётр Ильич;8А;Физика;непонятно;1;",
        "Арбузов Пётр Ильич;8А;Физика;призёр;1;77",
        ";8А;Физика;призёр;1;",
        "Берёзкина Анна;8А;Физика;призёр;1;9",
        "Берёзкина Анна;8А;Физика;участник;1;",
        "Ёлкин Тимофей;8А;Химия;участник;;",
    ]
    make_event(title="Олимпиада  ШКОЛЬНИКОВ", stage="municipal", date=datetime.date(2026, 11, 20),
               subject=Subject.objects.get(name="Химия"), created_by=school["deputy"])  # fmt: skip
    Portfolio.objects.create(pupil=school["elkin"], frozen_at=timezone.now())
    batch = take("\n".join(rows), school["teacher"])
    plan = seen(batch)
    found = [(line.where, line.what) for line in plan.ordered if line.change.name == "ERROR"]
    for where, words in (
        ("строка 2", "Столбец «Класс»: Не похоже на класс"),
        ("строка 3", "Столбец «Предмет»: предмета «Чернокнижие» нет"),
        ("строка 4", "Столбец «Результат»: «непонятно» — не результат"),
        ("строка 5", "Столбец «Выступает за класс»: «77» — не класс"),
        ("строка 6", "нет имени"),
        ("строка 8: «Берёзкина Анна»", "то же уже есть: строка 7"),
        ("", "мероприятие внёс другой работник"),
    ):
        assert [one for one in found if one[0] == where and words in one[1]], (where, found)
    assert len(found) == 7
    with pytest.raises(ValidationError, match="В файле есть ошибки"):
        apply(batch)
    with pytest.raises(ValidationError, match="данные изменились"):
        actions.apply_batch(batch, seen="иное", by=by(school["teacher"]))
    assert Achievement.objects.count() == 0
    assert apply(batch, despite_errors=True)["new"] == 1

    # What is left is there already: there is nothing to apply beside the mistakes.
    sign_in(client, school["teacher"])
    again = take("\n".join(rows), school["teacher"])
    page = client.get(f"/portfolio/imports/{again.pk}/").content.decode()
    assert ("Применять не" in page, "остальное без них" in page) == (True, False)
    with pytest.raises(ValueError, match="«галактический» — не уровень. Напишите одно из: школьный"):
        words_read.level_of("галактический")

    own = seen(take("ФИО;Результат\nЁлкин Тимофей;призёр\n", school["deputy"]))
    assert [line.what for line in own.lines] == ["Портфолио закрыто."]
    sign_in(client, school["teacher"])
    for data, words in (
        (b"", "пуст"),
        (b"MZ\x90\x00 not a table", ""),
        ("Кто;Что\nА;Б".encode(), "Не нашлась строка заголовков"),
        ("ФИО;Класс\n".encode(), "нет ни одной строки"),
    ):
        form = HEAD | {"date": "2026-11-20", "file": SimpleUploadedFile("список.xlsx", data)}
        page = client.post("/portfolio/imports/olympiad/", form)
        assert page.status_code == 200
        assert words in page.content.decode()
    future = HEAD | {"date": "2030-01-01", "title": "!", "file": SimpleUploadedFile("с.csv", LIST.encode())}
    page = client.post("/portfolio/imports/olympiad/", future).content.decode()
    assert "ещё не наступил" in page
    assert "Назовите мероприятие словами" in page
    assert ImportBatch.objects.count() == 3


def test_pages_and_plans_ask_the_same_of_one_row_and_of_thirty(client, school):
    deputy = school["deputy"]
    sign_in(client, deputy)
    school_class = school["arbuzov"].school_class_now
    event = make_event(created_by=deputy)

    def grow(count: int) -> str:
        lines = ["ФИО;Класс;Результат"]
        for number in range(count):
            pupil = factories.make_pupil(school_class=school_class, surname=f"Я{count}x{number}", name="Ян")
            lines.append(f"{pupil.get_full_name()};8А;призёр")
            make_achievement(pupil, event=event, origin="staff")
            make_event(title=f"Другое {number}{count}", created_by=deputy)
        return "\n".join(lines)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    pages = [
        "/portfolio/events/", "/portfolio/imports/", f"/portfolio/events/{event.pk}/",
        f"/portfolio/events/{event.pk}/participants/add/?school_class={school_class.pk}",
    ]  # fmt: skip
    first = take(grow(1), deputy)
    client.get(pages[0])
    few = [asked(page) for page in (*pages, f"/portfolio/imports/{first.pk}/")]
    second = take(grow(30), deputy)
    assert [asked(page) for page in (*pages, f"/portfolio/imports/{second.pk}/")] == few
    with CaptureQueriesContext(connection) as one:
        apply(first)
    with CaptureQueriesContext(connection) as many:
        apply(second)
    assert len(many) <= len(one)


@pytest.mark.django_db(transaction=True)
def test_the_same_list_applied_by_two_at_once_is_there_once(school):
    """Whoever comes second waits, sees what the first one wrote, and is told to look again."""
    text = "ФИО;Класс;Результат\nАрбузов Пётр;8А;призёр\nЁлкин Тимофей;8А;участник\n"
    batches = [take(text, school["deputy"]) for _ in range(2)]
    marks = [seen(batch).mark for batch in batches]

    def load(place: int) -> str:
        try:
            actions.apply_batch(batches[place], seen=marks[place], by=by(school["deputy"]))
        except ValidationError as refusal:
            return refusal.messages[0]
        return "загружено"

    done, refused = sorted(at_once(load, 2), key=lambda words: words != "загружено")
    assert done == "загружено"
    assert "данные изменились" in refused
    assert [Event.objects.count(), Achievement.objects.count()] == [1, 2]


def test_families_hear_once_of_what_a_list_has_added_and_not_of_the_same_list_again(school):
    parent = factories.make_parent(child=school["arbuzov"])
    for _ in range(2):
        apply(take(LIST.replace("Ёлка Т.", "Ёлкин Тимофей"), school["teacher"]))
    told = Notification.objects.filter(kind="achievement_entered").order_by("pk").values_list("person", "text")
    words = "«Олимпиада школьников»."
    assert set(told) == {
        *((school[name].pk, f"Внесено школой в ваше портфолио: {words}") for name in ("arbuzov", "elkin")),
        (school["berezkina"].pk, "Внесено школой в ваше портфолио: 2 достижения."),
        (parent.pk, f"Внесено школой в портфолио ребёнка: {words}"),
    }
    assert len(told) == 4
