"""Sealing the audit trail so that tampering shows, without making writers wait for one another.

Entries are written freely; the command `seal_audit` seals in blocks whatever no block holds yet. Each entry gets a code
keyed by AUDIT_KEY, which is not in the database; the code of a block is keyed too and covers the former block's code,
so that blocks form a chain. An entry that was committed late, under a smaller number, goes into the next block.

What a chain alone can't show is a cut tail: that is why the code of the last block (the head) is kept outside the
database, in the file AUDIT_HEADS and on paper if one likes.

Who can write to the database can still add an entry of today, or remove one that is not sealed yet: seal often. A
forged entry of the past shows: it stands unsealed though it is dated before the last sealing, and it is not sealed
until somebody says so.
"""

import datetime
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditBlock, AuditEntry, AuditSeal
from eios.lib.crypto import keyed_digest

LARGEST_BLOCK, CHUNK = 5000, 1000
# No transaction of the portal lasts so long: an entry this much older than the last sealing is not a late one.
LATE = datetime.timedelta(hours=1)
FIELDS = (
    "pk", "at", "actor_id", "actor_label", "address", "action", "object_type", "object_id", "changes", "basis",
)  # fmt: skip


class SealingRefused(Exception):
    """Why the trail is not sealed now, in Russian."""


class Tampered(Exception):
    """The first thing that does not agree, in Russian."""


@dataclass(frozen=True)
class Head:
    """The last block as it is written down outside the database."""

    number: int
    code: str
    count: int = 0
    sealed_at: datetime.datetime | None = None

    def __str__(self) -> str:
        moment = self.sealed_at.astimezone(datetime.UTC).isoformat(timespec="seconds") if self.sealed_at else ""
        return f"{moment} {self.number}:{self.code} {self.count}"


@dataclass(frozen=True)
class Report:
    """What a whole trail amounts to; `suspicious` entries are unsealed, though dated well before the last sealing."""

    blocks: int
    entries: int
    head: Head | None
    unsealed: int
    suspicious: int
    first_suspicious: int | None


def entry_code(row: tuple) -> str:
    """The keyed code of an entry: of all its FIELDS, in one canonical form."""
    values = [_canonical(value) for value in row]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return keyed_digest(settings.AUDIT_KEY, "entry", text)


def _canonical(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return value


def block_code(block: AuditBlock, seals: Iterable[tuple[int, str]]) -> str:
    """The keyed code of a block: of its own fields, the former block's code, and its entries in their order."""
    own = (block.previous_code, str(block.number), str(block.count), _canonical(block.sealed_at))
    return keyed_digest(settings.AUDIT_KEY, "block", *own, *(f"{entry}:{code}" for entry, code in seals))


# --- sealing -------------------------------------------------------------------------------------------------------


def seal(*, accept_late: bool = False) -> Iterator[Head]:
    """Seals all that may be sealed, block by block; each head is written down before it is given.

    `accept_late` seals suspicious entries too, once somebody has looked into them. Raises SealingRefused when the
    heads on record are ahead of the database, or when somebody else is sealing.
    """
    last = _last_block()
    _compare_with_record(last)
    while (block := _seal_block(last, accept_late)) is not None:
        last = block
        head = _head(block)
        remember(head)
        yield head


def suspicious(last: AuditBlock | None) -> QuerySet[AuditEntry]:
    """Unsealed entries that should have been sealed long ago."""
    return AuditEntry.objects.unsealed().filter(at__lt=last.sealed_at - LATE) if last else AuditEntry.objects.none()


def last_head() -> Head | None:
    block = _last_block()
    return _head(block) if block else None


def _last_block() -> AuditBlock | None:
    return AuditBlock.objects.order_by("-number").first()


def _head(block: AuditBlock) -> Head:
    return Head(block.number, block.code, block.count, block.sealed_at)


def _seal_block(last: AuditBlock | None, accept_late: bool) -> AuditBlock | None:
    """The next block, or None where nothing is left; codes are counted before the transaction that writes them."""
    found = AuditEntry.objects.unsealed()
    if last and not accept_late:
        found = found.filter(at__gte=last.sealed_at - LATE)
    codes = [(row[0], entry_code(row)) for row in found.values_list(*FIELDS)[:LARGEST_BLOCK]]
    if not codes:
        return None
    block = AuditBlock(
        number=last.number + 1 if last else 1,
        previous_code=last.code if last else "",
        count=len(codes),
        sealed_at=timezone.now(),
    )
    block.code = block_code(block, codes)
    _write(block, codes)
    return block


def _write(block: AuditBlock, codes: list[tuple[int, str]]) -> None:
    """Of two sealers at once the numbers, which are unique, let only one through."""
    try:
        with transaction.atomic():
            block.save(force_insert=True)
            seals = [
                AuditSeal(block=block, position=position, entry_id=entry, code=code)
                for position, (entry, code) in enumerate(codes, start=1)
            ]
            AuditSeal.objects.bulk_create(seals, batch_size=CHUNK)
    except IntegrityError as error:
        raise SealingRefused("журнал как раз опечатывает другой процесс") from error


# --- heads outside the database ------------------------------------------------------------------------------------


def remember(head: Head) -> None:
    """Adds the head to the file AUDIT_HEADS, and makes sure that it is on the disk."""
    path = Path(settings.AUDIT_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{head}\n")
        file.flush()
        os.fsync(file.fileno())


def heads_in(path: Path) -> list[Head]:
    """Heads on record, oldest first; none where there is no file. Raises ValueError naming a bad line."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_parse(line, number) for number, line in enumerate(lines, start=1) if line.strip()]


def _parse(line: str, number: int) -> Head:
    words = line.split()
    try:
        return head_from(words[1])
    except (IndexError, ValueError) as error:
        raise ValueError(f"строка {number} не читается") from error


def head_from(text: str) -> Head:
    """«12:code» → a head. Raises ValueError."""
    number, _, code = text.partition(":")
    if len(code) != 64:
        raise ValueError("ожидается «номер:код», код — 64 знака")
    return Head(int(number), code)


def _compare_with_record(last: AuditBlock | None) -> None:
    """New blocks on top of a cut tail would hide the cut; a head that a crash left unwritten is written now."""
    try:
        recorded = heads_in(Path(settings.AUDIT_HEADS))
    except ValueError as error:
        raise SealingRefused(f"{settings.AUDIT_HEADS}: {error}") from error
    latest, here = max((head.number for head in recorded), default=0), last.number if last else 0
    if latest > here:
        raise SealingRefused(
            f"в файле {settings.AUDIT_HEADS} записан блок {latest}, а в базе последний — {here}: конец журнала "
            "обрезан. Если база восстановлена из копии, отложите этот файл под другим именем и запустите снова"
        )
    if last and latest < here:
        remember(_head(last))


# --- verifying -----------------------------------------------------------------------------------------------------


def verify(heads: Iterable[Head] = ()) -> Report:
    """Reads the whole trail with little memory. Raises Tampered, naming the first row that does not agree."""
    recorded = defaultdict(set)
    for head in heads:
        recorded[head.number].add(head.code)
    last, entries = None, 0
    for block in AuditBlock.objects.order_by("number").iterator(chunk_size=CHUNK):
        _verify_link(block, last)
        _verify_block(block)
        if recorded.pop(block.number, {block.code}) != {block.code}:
            raise Tampered(f"Блок {block.number} не тот, что записан вне базы.")
        last, entries = block, entries + block.count
    if recorded:
        raise Tampered(f"Конец журнала обрезан: вне базы записан блок {max(recorded)}, в базе его нет.")
    if AuditSeal.objects.count() > entries:
        raise Tampered("Конец журнала обрезан: остались печати, блоков которых уже нет.")
    late = suspicious(last)
    return Report(
        blocks=last.number if last else 0,
        entries=entries,
        head=_head(last) if last else None,
        unsealed=AuditEntry.objects.unsealed().count(),
        suspicious=late.count(),
        first_suspicious=late.values_list("pk", flat=True).first(),
    )


def _verify_link(block: AuditBlock, last: AuditBlock | None) -> None:
    expected, code = (last.number + 1, last.code) if last else (1, "")
    if block.number != expected:
        raise Tampered(f"Пропал блок {expected}: вместо него идёт блок {block.number}.")
    if block.previous_code != code:
        raise Tampered(f"Цепь разорвана: блок {block.number} продолжает не тот блок, что стоит перед ним.")


def _verify_block(block: AuditBlock) -> None:
    """Seals stand in their order, each on the entry that it was put on, and together give the code of the block."""
    stored, real, before = [], [], 0
    for place, entry, code, found in _sealed(block):
        if place != len(stored) + 1:
            raise Tampered(f"Блок {block.number}, место {len(stored) + 1}: печать пропала или переставлена.")
        if entry <= before:
            raise Tampered(f"Блок {block.number}, место {place}: запись №{entry} переставлена.")
        if found is None:
            raise Tampered(f"Запись №{entry} удалена (блок {block.number}, место {place}).")
        if place > block.count:
            raise Tampered(f"Блок {block.number}: запись №{entry} вставлена, в блоке было {block.count}.")
        stored.append((entry, code))
        real.append((entry, found))
        before = entry
    if len(stored) != block.count:
        raise Tampered(f"Блок {block.number}: записей {len(stored)}, а опечатано было {block.count}.")
    _compare_codes(block, stored, real)


def _compare_codes(block: AuditBlock, stored: list[tuple[int, str]], real: list[tuple[int, str]]) -> None:
    bad = next((entry for (entry, code), (_, found) in zip(stored, real, strict=True) if code != found), None)
    if bad is not None and block_code(block, real) == block.code:
        raise Tampered(f"Блок {block.number}: печать записи №{bad} подделана, сама запись цела.")
    if bad is not None:
        raise Tampered(f"Запись №{bad} изменена (блок {block.number}).")
    if block_code(block, stored) != block.code:
        raise Tampered(f"Блок {block.number} изменён: его код не сходится с записями.")


def _sealed(block: AuditBlock) -> Iterator[tuple[int, int, str, str | None]]:
    """Place, entry's number, code on record, and the code of the entry as it is now (None where it is gone)."""
    place = -1
    seals = AuditSeal.objects.filter(block=block).order_by("position").values_list("position", "entry_id", "code")
    while chunk := list(seals.filter(position__gt=place)[:CHUNK]):
        codes = _codes_now([entry for _, entry, _ in chunk])
        for place, entry, code in chunk:
            yield place, entry, code, codes.get(entry)


def _codes_now(keys: list[int]) -> dict[int, str]:
    rows = AuditEntry.objects.order_by().values_list(*FIELDS)
    try:
        return {row[0]: entry_code(row) for row in rows.filter(pk__in=keys)}
    except (ValueError, TypeError):
        # A value that its column can't mean: one by one, so that the right row is named.
        return {key: _code_now(key) for key in keys if AuditEntry.objects.filter(pk=key).exists()}


def _code_now(key: int) -> str:
    try:
        return entry_code(AuditEntry.objects.values_list(*FIELDS).get(pk=key))
    except (ValueError, TypeError):
        return "unreadable"
