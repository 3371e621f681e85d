"""A library's answer about a pool: kept sealed, shown as a plan, carried out (10.6)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from resources import pool_answers
from resources.actions.pool_accounts import move
from resources.models import ExternalCredential, Pool, PoolAccount, PoolAnswer
from resources.pool_answers import Item, Outcome, Plan

State = PoolAccount.State
STATE_OF = {Outcome.REFUSED: State.REFUSED, Outcome.ACCEPTED: State.READY, Outcome.CHANGED: State.READY}


@transaction.atomic
def keep_answer(pool: Pool, *, name: str, content: bytes, by: Actor) -> PoolAnswer:
    """Keeps the file of the answer to be looked at, sealed, since passwords may stand in it; nothing else changes.

    A file that was not confirmed gives way to it. Raises TableError where it is no table that can be an answer.
    """
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    pool_answers.read(content, pool.answer_columns)
    pool.answers.filter(applied_at__isnull=True).delete()
    answer = PoolAnswer(pool=pool, name=name[-200:], loaded_by=by.person)
    answer.seal(content)
    answer.save(force_insert=True)
    return answer


@transaction.atomic
def apply_answer(answer: PoolAnswer, seen: str, *, by: Actor) -> Plan:
    """Carries out the plan that was seen, all or nothing: accepted accounts are free, refused ones have their reason.

    Effects: logins and passwords that the library has changed are sealed anew, for those who hold such accounts too;
    audit. What an answer says a second time changes nothing. Raises ValidationError, TableError, crypto.CannotOpen.
    """
    Pool.objects.select_for_update().get(pk=answer.pool_id)
    list(PoolAccount.objects.select_for_update().filter(pool=answer.pool_id).values_list("pk"))
    answer = PoolAnswer.objects.filter(pk=answer.pk, applied_at__isnull=True).first()
    if answer is None:
        raise ValidationError("Этот файл уже подтверждён, или вместо него загружен другой.")
    plan = pool_answers.plan_of(answer)
    if plan.mark != seen:
        raise ValidationError("Пока вы смотрели, данные изменились. Посмотрите ещё раз и подтвердите.")
    if plan.has_errors:
        raise ValidationError("В файле есть ошибки: исправьте их и загрузите файл снова.")
    _write(plan, by)
    answer.applied_at = timezone.now()
    answer.counts = {outcome.name.lower(): count for outcome, count in plan.counts}
    answer.save(update_fields=["applied_at", "counts"])
    counted = {f"answer_{name}": [None, count] for name, count in answer.counts.items()}
    audit.record(by, "pool.answered", answer.pool, counted)
    return plan


def _write(plan: Plan, by: Actor) -> None:
    """Notes, logins and passwords first; then the states, those that are given staying given."""
    items = [item for item in plan.items if item.outcome in STATE_OF]
    for item in items:
        _put(item)
    accounts = [item.account for item in items]
    PoolAccount.objects.bulk_update(accounts, ["login", "sealed", "note"], batch_size=500)
    for outcome, state in STATE_OF.items():
        moved = [item.account for item in items if item.outcome == outcome and item.account.state != State.GIVEN]
        move([one for one in moved if one.state != state], state, by=by, basis="Ответ библиотеки")
    _renew_held([item.account for item in items if item.account.state == State.GIVEN], by)


def _put(item: Item) -> None:
    account = item.account
    if item.outcome == Outcome.REFUSED:
        account.note = item.note
        return
    account.note = ""
    if item.outcome == Outcome.CHANGED:
        account.login = item.new_login or account.login
        if item.new_password:
            account.seal(item.new_password)


def _renew_held(accounts: list[PoolAccount], by: Actor) -> None:
    """Whoever holds an account that the library has changed sees the new login and password."""
    held = ExternalCredential.objects.standing().filter(pool_account__in=accounts)
    by_key = {account.pk: account for account in accounts}
    for credential in held:
        account = by_key[credential.pool_account_id]
        credential.login = account.login
        credential.seal(account.unseal())
        credential.revealed_at = None
        credential.save(update_fields=["login", "sealed", "revealed_at"])
        audit.record(by, "external_credential.renewed", credential, basis="Ответ библиотеки")


def record_reading(answer: PoolAnswer, *, by: Actor) -> None:
    """Somebody takes the file of an answer, in which passwords may stand: that leaves a trace."""
    audit.record(by, "pool.answer_read", answer.pool, basis=f"Ответ от {timezone.localdate(answer.loaded_at):%d.%m.%Y}")
