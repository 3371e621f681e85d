"""What the system administrator does with accounts: each act has a page that says what will happen, and asks why."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actions import blocking, sessions
from accounts.actor import Actor
from accounts.models import User


@dataclass(frozen=True)
class Act:
    """`run(person, reason, by)` does it to one person; `suits(person)`: does the page of the person offer it?"""

    title: str
    done: str
    effects: tuple[str, ...]
    button: str
    run: Callable[[User, str, Actor], None]
    reason: str = "Причина"
    needs_reason: bool = True
    is_dangerous: bool = False
    suits: Callable[[User], bool] = lambda person: True


def _block(person: User, reason: str, by: Actor) -> None:
    blocking.block(person, reason, by=by)


def _unblock(person: User, reason: str, by: Actor) -> None:
    blocking.unblock(person, reason, by=by)


def _reset_factor(person: User, reason: str, by: Actor) -> None:
    sessions.reset_second_factor(person, by=by, basis=reason)


def _end_sessions(person: User, reason: str, by: Actor) -> None:
    sessions.end_all_sessions(person, by=by, basis=reason)


ACTS = {
    "block": Act(
        title="Заблокировать",
        done="Учётная запись заблокирована",
        effects=("Входы завершатся при следующем нажатии.", "Данные человека сохранятся.", "Блокировку можно снять."),
        button="Заблокировать",
        run=_block,
        suits=lambda person: not person.is_blocked,
        is_dangerous=True,
    ),
    "unblock": Act(
        title="Снять блокировку",
        done="Блокировка снята",
        effects=(
            "Прежние входы не оживут: войти нужно заново.",
            "Если пароль узнал кто-то ещё, прежний больше не подойдёт: выдайте новый.",
        ),
        button="Снять блокировку",
        run=_unblock,
        suits=lambda person: person.is_blocked,
    ),
    "reset-factor": Act(
        title="Сбросить второй шаг входа",
        done="Второй шаг входа сброшен",
        effects=(
            "Приложение с кодами, ключи и резервные коды перестанут подходить, открытые входы завершатся.",
            "Кому второй шаг обязателен, тот настроит его заново при входе.",
        ),
        button="Сбросить второй шаг",
        run=_reset_factor,
        suits=lambda person: person.has_second_factor,
        is_dangerous=True,
    ),
    "end-sessions": Act(
        title="Завершить все входы",
        done="Входы завершены",
        effects=("На всех устройствах придётся войти заново.", "Пароль останется прежним."),
        button="Завершить входы",
        run=_end_sessions,
        needs_reason=False,
    ),
}
