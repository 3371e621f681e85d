"""Pools of pseudonymous accounts at libraries: made, sent, answered, and accounts closed or made free (10.6)."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from eios.lib import crypto
from resources import pool_files, pool_logins
from resources.actions.credentials import mark_closed
from resources.actions.pool_accounts import move
from resources.models import Element, ExternalCredential, Pool, PoolAccount
from resources.pool_logins import MOST, SHORTEST
from resources.pools import CLOSABLE

State = PoolAccount.State
AUDITED = ("element", "name", "prefix", "hands_out_itself")


@transaction.atomic
def make_pool(pool: Pool, *, number: int, numbering: str, by: Actor) -> Pool:
    """Makes a pool with so many accounts: logins that the element has not yet, passwords by chance, sealed at once.

    The columns of its files are those of the element's last pool. Two who make pools at once come one after another.
    Audited, without logins and passwords. Raises ValidationError.
    """
    element = Element.objects.select_for_update().get(pk=pool.element_id)
    _check(pool, element, number)
    pool.made_by = by.person
    last = Pool.objects.filter(element=element).first()
    pool.columns = last.columns if last else pool_files.DEFAULT_COLUMNS
    pool.answer_columns = last.answer_columns if last else {}
    pool.full_clean(exclude=["columns", "answer_columns", "made_by"])
    pool.save(force_insert=True)
    taken = PoolAccount.objects.filter(pool__element=element).values_list("login", flat=True)
    logins = pool_logins.logins(pool.prefix, number, numbering, list(taken))
    PoolAccount.objects.bulk_create([_account(pool, login) for login in logins], batch_size=500)
    changes = audit.difference({}, audit.snapshot(pool, AUDITED)) | {"accounts": [None, number]}
    audit.record(by, "pool.made", pool, changes)
    return pool


def _check(pool: Pool, element: Element, number: int) -> None:
    if not element.is_library or not element.keeps_credentials:
        raise ValidationError("Обезличенные учётные записи готовят только для библиотек, чьи логины хранит портал.")
    if not 1 <= number <= MOST:
        raise ValidationError(f"В партии может быть от 1 до {MOST} учётных записей.")
    if pool.password_length < SHORTEST:
        raise ValidationError(f"Пароль короче {SHORTEST} знаков подбирают: сделайте его длиннее.")
    if len(set(pool.alphabet)) < pool_logins.FEWEST_SIGNS or not set(pool.alphabet) <= pool_logins.OWN_SIGNS:
        raise ValidationError("Знаки пароля: не меньше восьми разных, латинские буквы, цифры и !#$%*?_.")


def _account(pool: Pool, login: str) -> PoolAccount:
    account = PoolAccount(pool=pool, login=login)
    account.seal(pool_logins.password(pool.alphabet, pool.password_length))
    return account


@transaction.atomic
def save_columns(pool: Pool, columns: list[dict], *, by: Actor) -> Pool:
    """The library's own columns of the file, in order; the next pool begins with them. Raises ValidationError."""
    if not any(column["what"] == pool_files.LOGIN for column in columns):
        raise ValidationError("Без столбца с логином библиотека не узнает учётную запись.")
    return _save(pool, "columns", columns, by)


@transaction.atomic
def save_answer_columns(pool: Pool, mapping: dict, *, by: Actor) -> Pool:
    """How the library calls the columns of its answer, and what its words mean; the next pool begins with them."""
    return _save(pool, "answer_columns", mapping, by)


def _save(pool: Pool, name: str, value, by: Actor) -> Pool:
    if getattr(pool, name) == value:
        return pool
    setattr(pool, name, value)
    pool.save(update_fields=[name])
    audit.record(by, "pool.columns_changed", pool, {"name": [pool.name, pool.name]})
    return pool


@transaction.atomic
def export(pool: Pool, form: str, *, by: Actor) -> bytes:
    """The file for the library: accounts that it has not answered about yet, without anybody's name.

    Effects: those made become sent; audit. Raises ValidationError: nothing to send, a key is missing, or letters that
    the encoding does not have.
    """
    accounts = list(pool.accounts.select_for_update().filter(state__in=(State.MADE, State.SENT)))
    if not accounts:
        raise ValidationError("Передавать нечего: на все учётные записи партии библиотека ответила.")
    try:
        content = pool_files.write(pool_files.table(pool.columns, accounts), form)
    except crypto.CannotOpen as error:
        raise ValidationError(str(error)) from error
    except UnicodeEncodeError as error:
        raise ValidationError("В названиях столбцов или в тексте есть знаки, которых нет в Windows-1251.") from error
    move([one for one in accounts if one.state == State.MADE], State.SENT, by=by)
    audit.record(by, "pool.exported", pool, {"accounts": [None, len(accounts)], "format": [None, form]})
    return content


@transaction.atomic
def make_free(account: PoolAccount, password: str, *, by: Actor) -> PoolAccount:
    """A returned account may be given again, once the library has given it a new password: typed here, sealed.

    Effects: the one who held it is out at the library too; audit. Raises ValidationError.
    """
    row = PoolAccount.objects.select_for_update().get(pk=account.pk)
    if row.state != State.RETURNED:
        raise ValidationError("Свободной можно сделать только возвращённую учётную запись.")
    if len(password) < SHORTEST:
        raise ValidationError({"password": f"Нужно не меньше {SHORTEST} знаков."})
    if _is_known(row, password):
        raise ValidationError({"password": "Это прежний пароль: его знает тот, у кого учётная запись была."})
    row.seal(password)
    row.save(update_fields=["sealed"])
    move([row], State.READY, by=by, basis="Новый пароль")
    _close_outside(row, by)
    return row


def _is_known(row: PoolAccount, password: str) -> bool:
    """A password that can't be opened any more is not the one that was typed, as far as anybody can tell."""
    try:
        return secrets.compare_digest(row.unseal().encode(), password.encode())
    except crypto.CannotOpen:
        return False


@transaction.atomic
def close(account: PoolAccount, *, by: Actor, basis: str = "") -> PoolAccount:
    """The library has closed the account: it is given to nobody any more. Audited. Raises ValidationError."""
    row = PoolAccount.objects.select_for_update().get(pk=account.pk)
    if row.state == State.GIVEN:
        raise ValidationError("Учётная запись выдана: сначала заберите её.")
    if row.state not in CLOSABLE:
        raise ValidationError("Учётная запись уже закрыта.")
    move([row], State.CLOSED, by=by, basis=basis)
    _close_outside(row, by)
    return row


def _close_outside(row: PoolAccount, by: Actor) -> None:
    """Whoever held it before has nothing to be closed at the library any more, and the old password opens nothing."""
    for ended in ExternalCredential.objects.to_close_outside().filter(pool_account=row):
        mark_closed(ended, by=by)
