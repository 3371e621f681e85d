"""The verbs of authors over their works: card, versions, sealing, opening for reviews, co-authors (1.3 d, 11.1).

A sealed version never changes; each verb asks for the state once more under a lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import User
from eios.lib.dates import today
from portfolio.file_owners import WORK_FILE
from portfolio.freezing import refuse_frozen
from portfolio.models import FormerAuthor, Invitation, Review, Share, Work, WorkAuthor, WorkFile, WorkLink, WorkVersion
from portfolio.notification_kinds import CO_AUTHOR, REVIEW, WORK_OPENED
from portfolio.reviews import STANDING, reviewers_before
from portfolio.works import fingerprint_of, may_remove, reviewers_of

MOST_FILES, MOST_LINKS, MOST_AUTHORS = 20, 20, 10
GONE = "Этой работы уже нет."
NOT_OWN = "Это делает тот, кто добавил работу."
SEALED = "Эта версия закреплена и больше не меняется. Начните следующую."
EMPTY = "Версия пуста: добавьте текст, файл или ссылку."
CHANGED = "Версию тем временем изменил соавтор: посмотрите её ещё раз, прежде чем закрепить."
REVIEWER = "На эту работу есть ваша рецензия. Чтобы стать автором, сначала отзовите её."


@dataclass(frozen=True)
class Asked:
    """Files and links of a version as they are wanted: what is added, keys of what is taken away."""

    uploads: Sequence = ()
    links: Sequence[tuple[str, str]] = ()
    dropped_files: Sequence[int] = ()
    dropped_links: Sequence[int] = ()


@transaction.atomic
def add_work(work: Work, *, by: Actor) -> Work:
    """A new work of the pupil with its first, open version. Audited. Raises ValidationError: frozen."""
    refuse_frozen(by.person)
    work.owner = by.person
    save_row(work, by=by)
    WorkAuthor.objects.create(work=work, person=by.person, agreed_at=timezone.now())
    WorkVersion.objects.create(work=work, number=1, created_by=by.person)
    return work


@transaction.atomic
def change_card(work: Work, *, seen: Seen | None = None, by: Actor) -> Work:
    """Title, kind, sphere, subject and the like; versions stay as they are. Raises ValidationError, Stale."""
    stored = _own(work, by)
    refuse_stale(work, seen)
    work.owner, work.submitted_at = stored.owner, stored.submitted_at
    return save_row(work, by=by)


@transaction.atomic
def remove(work: Work, *, by: Actor) -> None:
    """Deletes a work of which nothing was sealed yet. Raises ValidationError."""
    work = _own(work, by)
    if work.versions.filter(sealed_at__isnull=False).exists():
        raise ValidationError("У работы есть закреплённая версия: удалить её нельзя, можно закрыть от рецензий.")
    for version in work.versions.all():
        for one in (*version.files.all(), *version.links.all()):
            delete_row(one, by=by)
    delete_row(work, by=by)


# Versions


@transaction.atomic
def save_version(version: WorkVersion, asked: Asked, *, seen: Seen | None = None, by: Actor) -> WorkVersion:
    """Writes the open version; files go on the quota of who gives them. Audited.

    Raises ValidationError (sealed meanwhile, too many files, not an author, frozen), Stale, FileRefused.
    """
    _open_version(version, by)
    refuse_stale(version, seen)
    save_row(version, by=by)
    held_files, held_links = list(version.files.all()), list(version.links.all())
    gone = [one for one in held_files if one.pk in set(asked.dropped_files)]
    gone_links = [one for one in held_links if one.pk in set(asked.dropped_links)]
    if len(held_files) - len(gone) + len(asked.uploads) > MOST_FILES:
        raise ValidationError(f"В версии — не больше {MOST_FILES} файлов.")
    if len(held_links) - len(gone_links) + len(asked.links) > MOST_LINKS:
        raise ValidationError(f"В версии — не больше {MOST_LINKS} ссылок.")
    for one in (*gone, *gone_links):
        delete_row(one, by=by)
    for address, title in asked.links:
        save_row(WorkLink(version=version, url=address, title=title), by=by)
    for upload in asked.uploads:
        file = files.store(upload, kind=WORK_FILE, by=by, owner=by.person)
        save_row(WorkFile(version=version, file=file), by=by)
    return version


@transaction.atomic
def seal(version: WorkVersion, *, seen: str = "", by: Actor) -> WorkVersion:
    """The version as it stands, for good, with the fingerprint of its contents. `seen`: the fingerprint of what the
    author was asked about.

    Effects: those who have reviewed a former version, and see this one, are told; audit. Raises ValidationError: sealed
    already, changed meanwhile, empty, a file that waits for the virus scanner.
    """
    version = _open_version(version, by)
    sha256 = fingerprint_of(version)
    if seen and seen != sha256:
        raise ValidationError(CHANGED)
    held = list(version.files.select_related("file").order_by("pk"))
    if not (version.text.strip() or held or version.links.exists()):
        raise ValidationError(EMPTY)
    if waiting := [one for one in held if not one.file.is_ready]:
        raise ValidationError(f"Файл «{waiting[0].file.name}» ещё не проверен на вирусы: подождите или уберите его.")
    version.sha256, version.sealed_at = sha256, timezone.now()
    version.save(update_fields=["sha256", "sealed_at"])
    audit.record(by, "work_version.sealed", version, {"sha256": [None, version.sha256]})
    _tell_reviewers(version, by)
    return version


def _tell_reviewers(version: WorkVersion, by: Actor) -> None:
    work = version.work
    notify(
        reviewers_before(version, today()), REVIEW, key=f"work-version:{version.pk}", by=by, letter="next",
        url=f"{page_of(work)}?version={version.number}",
        text=f"Закреплена версия {version.number} работы «{work.title}», на которую вы писали рецензию: "
             f"{work.owner.get_full_name()}.",
    )  # fmt: skip


@transaction.atomic
def begin_next(work: Work, *, by: Actor) -> WorkVersion:
    """The next version, with text, files and links of the last one, to be changed. Raises ValidationError: one is open,
    not an author, frozen."""
    work = _written(work, by)
    last = work.versions.order_by("-number").first()
    if not last.is_sealed:
        raise ValidationError("Новая версия уже начата.")
    made = WorkVersion(work=work, number=last.number + 1, text=last.text, created_by=by.person)
    made.reflection = last.reflection
    made.full_clean()
    made.save()
    for one in last.files.order_by("pk"):
        WorkFile.objects.create(version=made, file=one.file, title=one.title)
    for one in last.links.order_by("pk"):
        WorkLink.objects.create(version=made, url=one.url, title=one.title)
    audit.record(by, "work_version.begun", made, {"number": [last.number, made.number]})
    return made


# Opening for reviews


@transaction.atomic
def submit(work: Work, *, by: Actor) -> Work:
    """Opens the sealed versions to those whom the work concerns.

    Effects: employees among them are told, once for a work; audit. Raises ValidationError: nothing is sealed.
    """
    work = _own(work, by)
    if work.is_submitted:
        raise ValidationError("Работа уже открыта для рецензий.")
    if not work.versions.filter(sealed_at__isnull=False).exists():
        raise ValidationError("Сначала закрепите версию: рецензию пишут на то, что больше не изменится.")
    work = _set_submitted(work, timezone.now(), "work.submitted", by)
    notify(
        reviewers_of(work, today()), WORK_OPENED, key=f"work-submitted:{work.pk}", by=by, url=page_of(work),
        text=f"Открыта для рецензий работа «{work.title}»: {work.owner.get_full_name()}.",
    )  # fmt: skip
    return work


@transaction.atomic
def take_back(work: Work, *, by: Actor) -> Work:
    """Closes the work again while nobody's review of it is published. Raises ValidationError."""
    work = _own(work, by)
    if not work.is_submitted:
        raise ValidationError("Работа не открыта для рецензий.")
    if Review.objects.published().filter(version__work=work).exists():
        raise ValidationError("На работу уже есть рецензии: закрыть её нельзя.")
    return _set_submitted(work, None, "work.taken_back", by)


def _set_submitted(work: Work, moment, action: str, by: Actor) -> Work:
    before = audit.snapshot(work, ("submitted_at",))
    work.submitted_at = moment
    work.save(update_fields=["submitted_at"])
    audit.record(by, action, work, audit.difference(before, audit.snapshot(work, ("submitted_at",))))
    return work


# Co-authors


@transaction.atomic
def name_author(work: Work, person: User, contribution: str = "", *, by: Actor) -> WorkAuthor:
    """Names a co-author, who has to agree; told by a notification. Raises ValidationError: named already, too many, not
    a pupil."""
    work = _own(work, by)
    if not person.is_pupil:
        raise ValidationError("Соавтором называют обучающегося школы.")
    if work.authors.count() >= MOST_AUTHORS:
        raise ValidationError(f"У работы — не больше {MOST_AUTHORS} авторов.")
    refuse_frozen(person)
    author = save_row(WorkAuthor(work=work, person=person, contribution=contribution), by=by)
    text = f"Вас назвали соавтором работы «{work.title}». Согласитесь или откажитесь."
    notify([person], CO_AUTHOR, key=f"author:{author.pk}", by=by, text=text, url=page_of(work))
    return author


@transaction.atomic
def agree(author: WorkAuthor, *, by: Actor) -> WorkAuthor:
    """The one who was named is an author from now on; the owner is told. Raises ValidationError: not asked any more,
    frozen, a reviewer of the work, since nobody reviews the own one."""
    author = _asked(author, by)
    refuse_frozen(author.work.owner)
    if Review.objects.filter(version__work=author.work_id, reviewer=by.person, state__in=STANDING).exists():
        raise ValidationError(REVIEWER)
    author.agreed_at = timezone.now()
    author.save(update_fields=["agreed_at"])
    audit.record(by, "work_author.agreed", author)
    _tell_owner(author, "agreed", "Соавтор согласился", by)
    return author


@transaction.atomic
def decline(author: WorkAuthor, *, by: Actor) -> None:
    """The one who was named is not an author; the owner is told."""
    author = _asked(author, by)
    _tell_owner(author, "declined", "Соавтор отказался", by)
    delete_row(author, by=by, basis="Отказ")


@transaction.atomic
def leave(author: WorkAuthor, *, by: Actor) -> None:
    """A co-author who had agreed is one no more, at once and whatever is sealed or frozen: agreement is withdrawn at
    any time (152-ФЗ). The work stays with the others as it is.

    Effects: the name leaves the work and its answers to reviews; the work leaves the person's own shares; invitations
    that the person gave and nobody has used end; the other authors are told; audit. Raises ValidationError: the owner,
    not an author any more.
    """
    work, person = _locked(author.work), by.person
    found = work.authors.filter(pk=author.pk, person=person, agreed_at__isnull=False).first()
    if found is None:
        raise ValidationError("Вы уже не автор этой работы.")
    if found.person_id == work.owner_id:
        raise ValidationError("Работу добавили вы: выйти из её авторов нельзя.")
    FormerAuthor.objects.get_or_create(work=work, person=person)
    shares, _ = Share.works.through.objects.filter(work=work, share__pupil=person).delete()
    invited = Invitation.objects.filter(version__work=work, created_by=person, used_at__isnull=True)
    ended = invited.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    Review.objects.filter(version__work=work, answered_by=person).update(answered_by=None)
    others = work.authors.filter(agreed_at__isnull=False).exclude(pk=found.pk)
    notify(
        User.objects.filter(pk__in=others.values("person")), CO_AUTHOR, key=f"author-left:{found.pk}", by=by,
        text=f"Соавтор вышел: {person.get_full_name()}, работа «{work.title}».", url=page_of(work),
    )  # fmt: skip
    delete_row(found, by=by, basis="Выход из авторов")
    audit.record(by, "work.author_left", work, {"shares": [None, shares], "invitations": [None, ended]})


def _tell_owner(author: WorkAuthor, answer: str, words: str, by: Actor) -> None:
    work = author.work
    text = f"{words}: {by.person.get_full_name()}, работа «{work.title}»."
    notify([work.owner], CO_AUTHOR, key=f"author-{answer}:{author.pk}", by=by, text=text, url=page_of(work))


def page_of(work: Work) -> str:
    return reverse("portfolio:work_detail", args=[work.pk])


@transaction.atomic
def remove_author(author: WorkAuthor, *, by: Actor) -> None:
    """Takes a co-author away, before the first version was sealed or before the person has agreed. One who had agreed
    is told. Raises ValidationError: the owner, an author of what is sealed."""
    work = _own(author.work, by)
    author = work.authors.select_for_update().filter(pk=author.pk).first()
    if author is None or author.person_id == work.owner_id:
        raise ValidationError("Того, кто добавил работу, убрать нельзя.")
    if not may_remove(author, is_sealed=work.versions.filter(sealed_at__isnull=False).exists()):
        raise ValidationError("Версия с этим соавтором уже закреплена: он остаётся.")
    if author.agreed_at:
        text, url = f"Вас больше нет среди авторов работы «{work.title}».", reverse("portfolio:work_list")
        notify([author.person], CO_AUTHOR, key=f"author-removed:{author.pk}", by=by, text=text, url=url)
    delete_row(author, by=by)


# Locks


def _own(work: Work, by: Actor) -> Work:
    """The stored work of its owner. Raises ValidationError: gone, another's, frozen."""
    found = _locked(work)
    if by.person is None or found.owner_id != by.person.pk:
        raise ValidationError(NOT_OWN)
    refuse_frozen(found.owner)
    return found


def _written(work: Work, by: Actor) -> Work:
    """The stored work of one of its authors."""
    found = _locked(work)
    if not found.authors.filter(person=by.person, agreed_at__isnull=False).exists():
        raise ValidationError("Это делают авторы работы.")
    refuse_frozen(found.owner)
    if by.person.pk != found.owner_id:
        refuse_frozen(by.person)
    return found


def _locked(work: Work) -> Work:
    rows = Work.objects.select_for_update(of=("self",)).select_related("owner")
    found = rows.filter(pk=work.pk).first()
    if found is None:
        raise ValidationError(GONE)
    return found


def _open_version(version: WorkVersion, by: Actor) -> WorkVersion:
    _written(version.work, by)
    stored = WorkVersion.objects.select_related("work").filter(pk=version.pk).first()
    if stored is None:
        raise ValidationError(GONE)
    if stored.is_sealed:
        raise ValidationError(SEALED)
    return stored


def _asked(author: WorkAuthor, by: Actor) -> WorkAuthor:
    _locked(author.work)
    found = WorkAuthor.objects.filter(pk=author.pk, person=by.person, agreed_at__isnull=True).first()
    if found is None:
        raise ValidationError("Вас об этом больше не спрашивают.")
    refuse_frozen(by.person)
    return found
