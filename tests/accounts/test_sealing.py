"""The sealed trail: every mutation behind the triggers' back is found and named."""

import datetime
import itertools
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import sealing
from accounts.models import AuditBlock, AuditEntry, AuditSeal
from tests.append_only import without_triggers
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TABLES = {"entry": "accounts_auditentry", "block": "accounts_auditblock", "seal": "accounts_auditseal"}


@pytest.fixture(autouse=True)
def heads_file(settings, tmp_path):
    settings.AUDIT_HEADS = tmp_path / "heads.log"
    return settings.AUDIT_HEADS


def write(count: int, *, actor=None, **fields) -> list[AuditEntry]:
    return AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor,
            actor_label="admin",
            address="10.0.0.7",
            action="element.changed",
            object_type="resources.element",
            object_id=str(number),
            changes={"name": [f"было {number}", "стало"], "order": [number, None]},
            basis="Приказ №7",
            **fields,
        )
        for number in range(count)
    )


@pytest.fixture
def trail():
    """Three blocks of 12, 9 and 14 entries, all by one person."""
    person = make_person(username="director")
    for count in (12, 9, 14):
        write(count, actor=person)
        list(sealing.seal())
    return list(AuditEntry.objects.order_by("pk"))


def change(table: str, where: str, assignment: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLES[table]} SET {assignment} WHERE {where}", values)


def remove(table: str, where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLES[table]} WHERE {where}")


def verdict() -> str:
    """What the verifier says of the trail: «цел», or the first trouble."""
    try:
        report = sealing.verify(sealing.heads_in(sealing.Path(sealing.settings.AUDIT_HEADS)))
    except sealing.Tampered as error:
        return str(error)
    return "подозрителен" if report.suspicious else "цел"


# --- ordinary life ---------------------------------------------------------------------------------------------------


def test_an_empty_trail_is_whole():
    assert sealing.verify() == sealing.Report(0, 0, None, 0, 0, None)
    assert list(sealing.seal()) == []


def test_blocks_form_a_chain_and_heads_are_written_down(trail, heads_file):
    blocks = list(AuditBlock.objects.order_by("number"))
    assert [(block.number, block.count) for block in blocks] == [(1, 12), (2, 9), (3, 14)]
    assert [block.previous_code for block in blocks] == ["", blocks[0].code, blocks[1].code]
    assert sealing.heads_in(heads_file) == [sealing.Head(block.number, block.code) for block in blocks]
    assert sealing.verify(sealing.heads_in(heads_file)) == sealing.Report(
        3, 35, sealing.Head(3, blocks[2].code, 14, blocks[2].sealed_at), 0, 0, None
    )


def test_unsealed_entries_are_counted(trail):
    write(4)
    assert sealing.verify().unsealed == 4


def test_an_entry_committed_late_goes_into_the_next_block():
    first, second = write(2)
    with without_triggers():
        remove("entry", f"id = {first.pk}")
        list(sealing.seal())
        AuditEntry.objects.bulk_create([first])
    list(sealing.seal())
    assert list(AuditSeal.objects.order_by("block__number").values_list("entry_id", flat=True)) == [second.pk, first.pk]
    assert verdict() == "цел"


def test_much_is_sealed_in_several_blocks(monkeypatch):
    monkeypatch.setattr(sealing, "LARGEST_BLOCK", 10)
    write(25)
    assert [head.count for head in sealing.seal()] == [10, 10, 5]
    assert verdict() == "цел"


def test_another_key_opens_nothing(trail, settings):
    settings.AUDIT_KEY = b"x" * 32
    assert verdict().startswith(f"Запись №{trail[0].pk} изменена")


def test_every_kind_of_value_survives_being_read_back():
    person = make_person()
    changes = {"a": [None, True], "b": [1, "ё «»  "], "c": None, "г": [["x"], {"z": 1, "a": 2}], "": ["", 2**53]}
    entry = AuditEntry(
        actor=person, actor_label="д" * 60, address="2001:DB8::1", action="x", object_type="y", object_id="z"
    )
    entry.changes, entry.at = changes, timezone.now().replace(microsecond=120)
    entry.save()
    list(sealing.seal())
    assert verdict() == "цел"


# --- tampering: every mutation is done behind the triggers' back, judged, and undone ---------------------------------


def found_after(*mutations) -> str:
    """The verdict on the trail as the mutations leave it."""
    with transaction.atomic():
        for mutation in mutations:
            mutation()
        said = verdict()
        transaction.set_rollback(True)
    return said


def changed(table: str, where: str, assignment: str, *values):
    return lambda: change(table, where, assignment, *values)


def removed(table: str, where: str):
    return lambda: remove(table, where)


@pytest.fixture
def defenceless(trail):
    with without_triggers():
        yield trail


@pytest.fixture
def seals(trail) -> list[AuditSeal]:
    """Seals of the trail's entries, in the same order."""
    return list(AuditSeal.objects.select_related("block").order_by("entry_id"))


ENTRY_COLUMNS = {
    "at": "2020-01-01 00:00:00+00:00",
    "actor_id": None,
    "actor_label": "другой",
    "address": "10.0.0.8",
    "action": "element.added",
    "object_type": "accounts.user",
    "object_id": "999999",
    "changes": '{"name": ["было", "иное"]}',
    "basis": "",
}


@pytest.mark.parametrize("column", ENTRY_COLUMNS)
def test_a_changed_column_of_an_entry_is_found(defenceless, seals, column):
    """9 columns of 9 entries: 81 mutations."""
    for entry, seal in list(zip(defenceless, seals, strict=True))[::4]:
        said = found_after(changed("entry", f"id = {entry.pk}", f"{column} = %s", ENTRY_COLUMNS[column]))
        assert said == f"Запись №{entry.pk} изменена (блок {seal.block.number})."


SLIGHT = [
    "basis = basis || ' '",
    "actor_label = upper(actor_label)",
    "object_id = object_id || '0'",
    """changes = '{"name": ["было", "стало"]}'""",
    """changes = '{"name": ["было", "стало"], "order": ["1", null]}'""",
]


@pytest.mark.parametrize("assignment", SLIGHT)
def test_the_slightest_change_is_found(defenceless, seals, assignment):
    """One letter, digit or pair of quotes: 5 of them in 5 entries, 25 mutations."""
    for entry, seal in list(zip(defenceless, seals, strict=True))[::7]:
        said = found_after(changed("entry", f"id = {entry.pk}", assignment))
        assert said == f"Запись №{entry.pk} изменена (блок {seal.block.number})."


def test_a_deleted_entry_is_found(defenceless, seals):
    """Every one of 35."""
    for entry, seal in zip(defenceless, seals, strict=True):
        said = found_after(removed("entry", f"id = {entry.pk}"))
        assert said == f"Запись №{entry.pk} удалена (блок {seal.block.number}, место {seal.position})."


def test_a_changed_number_of_an_entry_is_found(defenceless, seals):
    """9 mutations."""
    for entry, seal in list(zip(defenceless, seals, strict=True))[::4]:
        said = found_after(changed("entry", f"id = {entry.pk}", "id = 100000"))
        assert said == f"Запись №{entry.pk} удалена (блок {seal.block.number}, место {seal.position})."


def test_an_entry_deleted_with_its_seal_is_found(defenceless, seals):
    """18 mutations."""
    for entry, seal in list(zip(defenceless, seals, strict=True))[::2]:
        said = found_after(removed("entry", f"id = {entry.pk}"), removed("seal", f"id = {seal.pk}"))
        number, count = seal.block.number, seal.block.count
        is_last = seal.position == count
        assert said == (
            f"Блок {number}: записей {count - 1}, а опечатано было {count}."
            if is_last
            else f"Блок {number}, место {seal.position}: печать пропала или переставлена."
        )


def test_an_entry_deleted_with_its_seal_and_the_gap_closed_is_found(defenceless, seals):
    """Places are moved up and the block's count is made to fit: 12 mutations."""
    for entry, seal in list(zip(defenceless, seals, strict=True))[::3]:
        later = [s for s in seals if s.block_id == seal.block_id and s.position > seal.position]
        said = found_after(
            removed("entry", f"id = {entry.pk}"),
            removed("seal", f"id = {seal.pk}"),
            *(changed("seal", f"id = {s.pk}", f"position = {s.position - 1}") for s in later),
            changed("block", f"id = {seal.block_id}", "count = count - 1"),
        )
        assert said == f"Блок {seal.block.number} изменён: его код не сходится с записями."


def test_a_changed_code_of_a_seal_is_found(defenceless, seals):
    """12 mutations."""
    for seal in seals[::3]:
        said = found_after(changed("seal", f"id = {seal.pk}", "code = %s", "0" * 64))
        assert said == f"Блок {seal.block.number}: печать записи №{seal.entry_id} подделана, сама запись цела."


def test_a_seal_put_on_another_entry_is_found(defenceless, seals):
    """Seals are moved to an entry of today: 9 mutations."""
    new = write(1)[0]
    for seal, after in list(zip(seals, [*seals[1:], None], strict=True))[::4]:
        is_last = seal.position == seal.block.count
        said = found_after(changed("seal", f"id = {seal.pk}", f"entry_id = {new.pk}"))
        assert said == (
            f"Запись №{new.pk} изменена (блок {seal.block.number})."
            if is_last
            else f"Блок {seal.block.number}, место {after.position}: запись №{after.entry_id} переставлена."
        )


def test_two_seals_that_changed_places_are_found(defenceless, seals):
    """11 mutations."""
    for one, two in itertools.pairwise(seals[:12]):
        said = found_after(
            changed("seal", f"id = {one.pk}", "position = 1000"),
            changed("seal", f"id = {two.pk}", f"position = {one.position}"),
            changed("seal", f"id = {one.pk}", f"position = {two.position}"),
        )
        assert said == f"Блок 1, место {two.position}: запись №{one.entry_id} переставлена."


def test_a_seal_moved_to_another_block_is_found(defenceless, seals):
    """6 mutations."""
    for seal in seals[:12:2]:
        other = AuditBlock.objects.get(number=2)
        said = found_after(changed("seal", f"id = {seal.pk}", f"block_id = {other.pk}, position = 0"))
        assert said == f"Блок 1, место {seal.position}: печать пропала или переставлена."


def test_two_entries_that_changed_contents_are_found(defenceless, seals):
    """The rows keep their numbers, and what they say is exchanged: 12 mutations."""
    for place in range(0, 34, 3):
        one, two = defenceless[place : place + 2]
        said = found_after(
            changed("entry", f"id = {one.pk}", "object_id = %s, at = %s", two.object_id, two.at),
            changed("entry", f"id = {two.pk}", "object_id = %s, at = %s", one.object_id, one.at),
        )
        assert said == f"Запись №{one.pk} изменена (блок {seals[place].block.number})."


def test_two_entries_that_changed_numbers_are_found(defenceless, seals):
    """9 mutations."""
    for place in range(0, 33, 4):
        one, two = defenceless[place], defenceless[place + 2]
        said = found_after(
            changed("entry", f"id = {one.pk}", "id = 100000"),
            changed("entry", f"id = {two.pk}", f"id = {one.pk}"),
            changed("entry", "id = 100000", f"id = {two.pk}"),
        )
        assert said == f"Запись №{one.pk} изменена (блок {seals[place].block.number})."


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_entry_inserted_with_a_seal_is_found(defenceless, number):
    """The forger makes up a code, having no key for a real one."""
    block = AuditBlock.objects.get(number=number)
    forged = write(1)[0]
    AuditSeal.objects.create(block=block, position=block.count + 1, entry_id=forged.pk, code="a" * 64)
    assert verdict() == f"Блок {number}: запись №{forged.pk} вставлена, в блоке было {block.count}."
    said = found_after(changed("block", f"id = {block.pk}", "count = count + 1"))
    assert said == f"Запись №{forged.pk} изменена (блок {number})."


@pytest.mark.parametrize("days", [1, 40, 400])
def test_an_entry_inserted_into_the_past_is_suspicious(trail, days):
    forged = write(1, at=timezone.now() - datetime.timedelta(days=days))[0]
    report = sealing.verify()
    assert (report.suspicious, report.first_suspicious, verdict()) == (1, forged.pk, "подозрителен")


BLOCK_COLUMNS = {
    "number = 7": "Пропал блок {number}: вместо него идёт блок {next}.",
    "count = 8": "Блок {number}: запись №{ninth} вставлена, в блоке было 8.",
    "count = 99": "Блок {number}: записей {count}, а опечатано было 99.",
    "previous_code = 'f00'": "Цепь разорвана: блок {number} продолжает не тот блок, что стоит перед ним.",
    f"code = '{'0' * 64}'": "Блок {number} изменён: его код не сходится с записями.",
    "sealed_at = '2020-01-01 00:00:00+00:00'": "Блок {number} изменён: его код не сходится с записями.",
}


@pytest.mark.parametrize("assignment", BLOCK_COLUMNS)
def test_a_changed_column_of_a_block_is_found(defenceless, seals, assignment):
    """6 changes of 3 blocks: 18 mutations."""
    for number in (1, 2, 3):
        own = [seal for seal in seals if seal.block.number == number]
        said = found_after(changed("block", f"number = {number}", assignment))
        assert said == BLOCK_COLUMNS[assignment].format(
            number=number, next=number + 1 if number < 3 else 7, ninth=own[8].entry_id, count=len(own)
        )


def cut(number: int, *, with_entries: bool) -> None:
    """Removes the blocks from this number on, with their seals, and their entries too where asked."""
    blocks = f"SELECT id FROM accounts_auditblock WHERE number >= {number}"
    if with_entries:
        remove("entry", f"id IN (SELECT entry_id FROM accounts_auditseal WHERE block_id IN ({blocks}))")
    remove("seal", f"block_id IN ({blocks})")
    remove("block", f"number >= {number}")


@pytest.mark.parametrize("with_entries", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_cut_tail_is_found_by_the_heads(defenceless, number, with_entries):
    said = found_after(lambda: cut(number, with_entries=with_entries))
    assert said == "Конец журнала обрезан: вне базы записан блок 3, в базе его нет."


@pytest.mark.parametrize("number", [1, 2])
def test_a_block_cut_out_of_the_middle_is_found(defenceless, number):
    block = AuditBlock.objects.get(number=number)
    said = found_after(removed("seal", f"block_id = {block.pk}"), removed("block", f"id = {block.pk}"))
    assert said == f"Пропал блок {number}: вместо него идёт блок {number + 1}."


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_cut_tail_is_not_sealed_over(defenceless, number):
    cut(number, with_entries=False)
    with pytest.raises(sealing.SealingRefused, match=f"записан блок 3, а в базе последний — {number - 1}"):
        list(sealing.seal())
    assert AuditBlock.objects.count() == number - 1


def test_a_trail_sealed_anew_differs_from_the_heads(defenceless, heads_file):
    """Even with the key, a past that was written again is not the one on paper."""
    paper = heads_file.read_text()
    cut(2, with_entries=False)
    heads_file.unlink()
    list(sealing.seal())
    heads_file.write_text(paper)
    assert verdict() == "Блок 2 не тот, что записан вне базы."


def test_a_value_that_its_column_can_not_mean_is_named(defenceless, on_postgresql):
    row = f"id = {defenceless[3].pk}"
    with connection.cursor() as cursor:
        if not on_postgresql:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        change("entry", row, "changes = '[]'" if on_postgresql else "changes = '{', at = '2020-13-45'")
        if not on_postgresql:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert verdict() == f"Запись №{defenceless[3].pk} изменена (блок 1)."


# --- the database refuses by itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [AuditEntry, AuditBlock, AuditSeal])
def test_rows_of_the_trail_can_not_be_changed_or_removed(trail, model):
    row = model.objects.order_by("-pk").first()
    before = model.objects.values().get(pk=row.pk)
    for attempt in (row.save, row.delete, lambda: model.objects.filter(pk=row.pk).update(id=row.pk)):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert model.objects.values().get(pk=row.pk) == before


def test_a_row_of_the_trail_can_not_be_replaced(trail, on_postgresql):
    statement = "INSERT OR REPLACE INTO accounts_auditentry SELECT * FROM accounts_auditentry WHERE id = %s"
    if on_postgresql:
        statement = (
            "INSERT INTO accounts_auditentry SELECT * FROM accounts_auditentry WHERE id = %s "
            "ON CONFLICT (id) DO UPDATE SET basis = 'иное'"
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [trail[0].pk])
    assert AuditEntry.objects.get(pk=trail[0].pk).basis == "Приказ №7"


# --- commands --------------------------------------------------------------------------------------------------------


def test_the_commands_say_it_in_one_line(capsys, heads_file):
    write(3)
    call_command("seal_audit")
    head = sealing.last_head()
    assert capsys.readouterr().out == f"{head}\n"
    assert heads_file.read_text() == f"{head}\n"
    call_command("seal_audit")
    assert capsys.readouterr().out == f"Опечатывать нечего. Последний блок: {head}\n"
    call_command("verify_audit")
    assert capsys.readouterr().out == f"Журнал цел: блоков 1, записей 3, ещё не опечатано 0. Последний блок: {head}\n"


def test_a_head_on_paper_shows_a_cut_tail(trail, heads_file):
    head = sealing.last_head()
    heads_file.unlink()
    call_command("verify_audit", head=f"3:{head.code}")
    with without_triggers():
        cut(3, with_entries=True)
    with pytest.raises(CommandError, match="Конец журнала обрезан: вне базы записан блок 3"):
        call_command("verify_audit", head=f"3:{head.code}")


@pytest.mark.parametrize("head", ["", "3", "три:" + "0" * 64, "3:короткий"])
def test_a_head_that_can_not_be_read_is_said(trail, head):
    with pytest.raises(CommandError, match="Коды блоков не читаются"):
        call_command("verify_audit", head=head or ":")


def test_a_damaged_file_of_heads_stops_both(trail, heads_file):
    heads_file.write_text("чепуха\n")
    with pytest.raises(CommandError, match="строка 1 не читается"):
        call_command("verify_audit")
    with pytest.raises(CommandError, match="строка 1 не читается"):
        call_command("seal_audit")


def test_a_missing_file_of_heads_is_said(trail, tmp_path, heads_file, capsys):
    heads_file.unlink()
    call_command("verify_audit")
    assert (
        capsys.readouterr().out.splitlines()[0]
        == "Кодов блоков вне базы нет: обрезан ли конец журнала, сказать нельзя."
    )
    with pytest.raises(CommandError, match="Нет файла"):
        call_command("verify_audit", heads=tmp_path / "нет")


def test_a_head_that_a_crash_left_unwritten_is_written_later(trail, heads_file):
    lines = heads_file.read_text().splitlines()
    heads_file.write_text("\n".join(lines[:2]) + "\n")
    call_command("seal_audit")
    assert heads_file.read_text().splitlines() == lines


def test_suspicious_entries_are_sealed_only_when_somebody_says_so(trail):
    forged = write(1, at=timezone.now() - datetime.timedelta(days=30))[0]
    write(2)
    with pytest.raises(CommandError, match=f"Не опечатаны подозрительные записи: 1, первая №{forged.pk}"):
        call_command("seal_audit")
    with pytest.raises(CommandError, match=f"Журнал подозрителен.*первая №{forged.pk}"):
        call_command("verify_audit")
    call_command("seal_audit", accept_late=True)
    assert verdict() == "цел"


@pytest.mark.django_db(transaction=True)
def test_of_two_sealers_one_wins_cleanly():
    write(400)
    start, told = threading.Barrier(2), []

    def run():
        try:
            start.wait()
            told.append([head.number for head in sealing.seal()])
        except sealing.SealingRefused as error:
            told.append(str(error))
        finally:
            connection.close()

    sealers = [threading.Thread(target=run) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    assert [1] in told
    assert set(map(str, told)) <= {"[1]", "[]", "журнал как раз опечатывает другой процесс"}
    assert verdict() == "цел"
    assert AuditSeal.objects.count() == 400
