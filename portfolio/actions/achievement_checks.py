"""The verbs of those who check pupils' entries: confirm, confirm many, send back, say what is the same (11.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from eios.lib import russian
from eios.lib.dates import today
from journal.attestation.pupils import family_of
from portfolio import achievement_queue, rights
from portfolio.doubles import Double
from portfolio.freezing import FROZEN, refuse_frozen
from portfolio.models import Achievement, Portfolio, Share, State
from portfolio.notification_kinds import CHECKED

GONE = "Этой записи на проверке уже нет."
CHANGED = "Запись уже не та, что была перед вами: её забрали, изменили или проверили. Посмотрите ещё раз."
SAME = "Такая же запись за этот день уже подтверждена ({}). Откройте эту и выберите, повтор ли она."
NOT_THE_SAME = "«То же, что» — другая подтверждённая запись того же обучающегося, которая сама не отмечена как повтор."
DECIDED = ("state", "decided_by", "same_as", "reason")


@dataclass
class Outcome:
    """What came of many: confirmed entries, and those passed over, each with why."""

    confirmed: list[Achievement] = field(default_factory=list)
    skipped: list[tuple[Achievement | None, str]] = field(default_factory=list)


@transaction.atomic
def confirm(entry: Achievement, same_as: Achievement | None = None, *, seen: str, by: Actor) -> Achievement:
    """The school stands by the entry; `same_as` says of which confirmed one it is a double.

    Effects: the entry is confirmed and locked; of a new version the former is replaced, and what was shown of it and
    what is the same as it goes over to the new one; the family is told; audit. Raises ValidationError: changed
    meanwhile, not to be checked by this person, frozen.
    """
    entry = _waiting(entry, seen, by)
    if same_as is not None:
        same_as = _kept(entry, same_as)
    _confirm(entry, same_as, by)
    _tell_confirmed([entry], by)
    return entry


@transaction.atomic
def confirm_many(ticked: Sequence[tuple[int, str]], *, by: Actor) -> Outcome:
    """Confirms entries as they were seen; `ticked` are (key, what was seen). Those changed meanwhile are passed over,
    and those called word for word as one that is confirmed: each would count, so they are looked at one by one.

    Effects: as of one; the family is told once for each pupil. Raises ValidationError where nothing was ticked.
    """
    if not ticked:
        raise ValidationError("Отметьте записи, которые подтверждаете.")
    seen, outcome = dict(ticked), Outcome()
    rows = _locked(by).filter(pk__in=seen).order_by("submitted_at", "pk")
    found = {row.pk: row for row in rows}
    frozen, alike = _frozen(found.values()), achievement_queue.doubles_of_each(list(found.values()))
    for key, mark in seen.items():
        entry = found.get(key)
        why = _refusal(entry, mark, frozen) or _double_of(alike[key], outcome.confirmed)
        if why:
            outcome.skipped.append((entry, why))
        else:
            _confirm(entry, None, by)
            outcome.confirmed.append(entry)
    for _, own in groupby(sorted(outcome.confirmed, key=lambda one: (one.pupil_id, one.pk)), lambda one: one.pupil_id):
        _tell_confirmed(list(own), by)
    return outcome


@transaction.atomic
def send_back(entry: Achievement, reason: str, *, seen: str, by: Actor) -> Achievement:
    """Returns an entry with a reason; the pupil changes it and submits it anew.

    Effects: the pupil is told; audit. Raises ValidationError: no reason, changed meanwhile, frozen.
    """
    entry, reason = _waiting(entry, seen, by), " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": "Напишите, почему запись возвращена."})
    _decide(entry, by, "achievement.returned", state=State.RETURNED, reason=reason)
    notify(
        [entry.pupil], CHECKED, key=f"achievement-returned:{entry.pk}:{seen}", by=by, letter="returned",
        text=f"Достижение вернули: «{entry.title}». {reason}", url=_page(entry),
    )  # fmt: skip
    return entry


@transaction.atomic
def mark_same(entry: Achievement, kept: Achievement | None, *, by: Actor) -> Achievement:
    """Says of which confirmed entry this one is a double, of whatever origin; None takes that back. Both are seen, one
    counts. Raises ValidationError: not confirmed, not of this pupil, a circle, frozen."""
    pupils = rights.pupils_led(by.person, today()).exclude(pk=by.person.pk)
    rows = Achievement.objects.select_for_update(of=("self",)).select_related("pupil")
    stored = rows.filter(pk=entry.pk, pupil__in=pupils.values("pk")).first()
    if stored is None or stored.state != State.CONFIRMED:
        raise ValidationError("Повтор отмечают у подтверждённой записи.")
    refuse_frozen(stored.pupil)
    before = audit.snapshot(stored, ("same_as",))
    stored.same_as = _kept(stored, kept) if kept else None
    stored.save(update_fields=["same_as"])
    changes = audit.difference(before, audit.snapshot(stored, ("same_as",)))
    if changes:
        audit.record(by, "achievement.same_marked", stored, changes)
    return stored


# What each of them does


def _confirm(entry: Achievement, same_as: Achievement | None, by: Actor) -> None:
    former = entry.replaces
    if former is not None:
        same_as = same_as or former.same_as
    _decide(entry, by, "achievement.confirmed", state=State.CONFIRMED, same_as=same_as)
    if former is not None:
        _replace(former, entry, by)


def _replace(former: Achievement, entry: Achievement, by: Actor) -> None:
    """Shares and doubles of the former version go over to the one that stands now."""
    shown = Share.achievements.through
    rows = shown.objects.filter(achievement=former)
    shown.objects.bulk_create(shown(share_id=one.share_id, achievement=entry) for one in rows)
    rows.delete()
    Achievement.objects.filter(same_as=former).update(same_as=entry)
    before = audit.snapshot(former, ("state",))
    former.state = State.REPLACED
    former.save(update_fields=["state"])
    changes = audit.difference(before, audit.snapshot(former, ("state",)))
    audit.record(by, "achievement.replaced", former, changes, basis=f"версия {entry.version}, запись {entry.pk}")


def _decide(entry: Achievement, by: Actor, action: str, **fields) -> None:
    before = audit.snapshot(entry, DECIDED)
    for name, value in (fields | {"decided_by": by.person, "decided_at": timezone.now()}).items():
        setattr(entry, name, value)
    entry.save(update_fields=[*DECIDED, "decided_at"])
    audit.record(by, action, entry, audit.difference(before, audit.snapshot(entry, DECIDED)))


# What they ask first


def _locked(by: Actor):
    rows = rights.achievements_checked(by.person, today()).select_for_update(of=("self",))
    return rows.select_related("pupil", "replaces", "replaces__same_as")


def _waiting(entry: Achievement, seen: str, by: Actor) -> Achievement:
    found = _locked(by).filter(pk=entry.pk).first()
    why = _refusal(found, seen, _frozen([found] if found else ()))
    if why:
        raise ValidationError(why)
    return found


def _refusal(entry: Achievement | None, seen: str, frozen: set[int]) -> str:
    """Why it can't be decided now, or nothing."""
    if entry is None:
        return GONE
    if entry.state != State.SUBMITTED or achievement_queue.seen_of(entry) != seen:
        return CHANGED
    if entry.pupil_id in frozen:
        return FROZEN
    if entry.replaces and entry.replaces.state != State.CONFIRMED:
        return "Запись, которую заменяет эта версия, уже не действует. Верните её с пояснением."
    return ""


def _double_of(doubles: Sequence[Double], confirmed: Sequence[Achievement]) -> str:
    """Which confirmed entry, of before or of this time, is called the same; nothing where none is."""
    now = {one.pk for one in confirmed}
    for one in doubles:
        if one.is_same and (one.entry.state == State.CONFIRMED or one.entry.pk in now):
            return SAME.format(one.entry.get_origin_display())
    return ""


def _frozen(entries: Iterable[Achievement]) -> set[int]:
    pupils = {one.pupil_id for one in entries}
    rows = Portfolio.objects.filter(pupil__in=pupils, frozen_at__isnull=False)
    return set(rows.values_list("pupil", flat=True))


def _kept(entry: Achievement, other: Achievement) -> Achievement:
    """The one that counts, locked, so that two marks at once make no circle."""
    rows = Achievement.objects.select_for_update(of=("self",)).filter(pk=other.pk, pupil=entry.pupil_id)
    kept = rows.confirmed().filter(same_as__isnull=True).exclude(pk__in=(entry.pk, entry.replaces_id or 0)).first()
    if kept is None or entry.doubles.exclude(pk=kept.pk).exists():
        raise ValidationError({"same_as": NOT_THE_SAME})
    return kept


# Telling


def _tell_confirmed(entries: Sequence[Achievement], by: Actor) -> None:
    """The pupil and the parents, once however many of the pupil's entries were confirmed together."""
    first, count = entries[0], len(entries)
    if count == 1:
        text, url = f"Достижение подтверждено: «{first.title}».", _page(first)
    else:
        words = russian.plural(count, "достижение", "достижения", "достижений")
        text, url = f"Подтверждено: {count} {words}.", list_of(first.pupil)
    notify(
        family_of(first.pupil, today()), CHECKED, key=f"achievement-confirmed:{first.pk}", by=by, letter="confirmed",
        text=f"{first.pupil.get_short_name()}. {text}", url=url,
    )  # fmt: skip


def _page(entry: Achievement) -> str:
    return reverse("portfolio:achievement_detail", args=[entry.pk])


def list_of(pupil: User) -> str:
    return reverse("portfolio:pupil_achievement_list", args=[pupil.pk])
