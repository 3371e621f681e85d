"""What a library's answer says of a pool's accounts, row by row. The same plan is shown and, once confirmed, done.

Located rows → checks → a plan, as with other files of the portal (accounts/importing); nothing is written here.
"""

import enum
import hashlib
from dataclasses import dataclass, field

from eios.lib import crypto, tables
from eios.lib.tables import Heading, Layout
from resources.models import Pool, PoolAccount, PoolAnswer

State = PoolAccount.State
WAITING = (State.MADE, State.SENT)
ANSWERED = (State.MADE, State.SENT, State.REFUSED)
# Where there is no mapping: how libraries call these columns. Key → title on our form, other names.
COLUMNS = {
    "login": ("Логин", ("Имя пользователя", "Учётная запись", "Login", "Username", "User")),
    "status": (
        "Статус",
        ("Ответ", "Ответ библиотеки", "Состояние", "Результат", "Решение", "Status", "Result", "State"),
    ),
    "note": (
        "Причина",
        ("Причина отказа", "Пояснение", "Комментарий", "Примечание", "Сообщение", "Reason", "Comment", "Message"),
    ),
    "new_login": ("Новый логин", ("Логин в библиотеке", "Изменённый логин", "New login")),
    "new_password": ("Новый пароль", ("Изменённый пароль", "New password")),
    "password": ("Пароль", ("Password",)),
}
# Beginnings of words in a status cell; those of up to three letters must be the whole cell.
WORDS = {
    "refused": ["отказ", "отклон", "не принят", "не созда", "не зарегистр", "ошибк", "дубл", "занят", "нет", "refused",
                "reject", "error", "no", "0", "-"],
    "changed": ["измен", "замен", "принята с измен", "принят с измен", "changed"],
    "accepted": ["принят", "подтвержд", "созда", "зарегистр", "актив", "готов", "успешно", "да", "ok", "ок", "yes",
                 "accept", "active", "created", "1", "+"],
}  # fmt: skip
SHORT = 3
LONGEST_LOGIN, LONGEST_PASSWORD = PoolAccount._meta.get_field("login").max_length, 200


class Outcome(enum.Enum):
    """What becomes of a row; the value says it on screen."""

    ERROR = ("ошибка", "no")
    REFUSED = ("отклонена", "no")
    CHANGED = ("принята с изменениями", "info")
    ACCEPTED = ("принята", "ok")
    HELD = ("выдана: решите сами", "wait")
    UNKNOWN = ("такой в партии нет", "wait")
    REPEATED = ("повтор строки", "")
    SILENT = ("без ответа", "")
    SAME = ("без изменений", "")

    def __init__(self, words: str, kind: str):
        self.words, self.kind = words, kind


WRITES = (Outcome.REFUSED, Outcome.CHANGED, Outcome.ACCEPTED)


@dataclass
class Item:
    """A row of the file: where it stands, what it says, the account that it is about, and what becomes of it."""

    number: int
    sheet: str
    login: str
    status: str
    note: str
    new_login: str = ""
    new_password: str = field(default="", repr=False)
    account: PoolAccount | None = None
    outcome: Outcome = Outcome.SILENT
    remark: str = ""

    def settle(self, outcome: Outcome, remark: str = "") -> None:
        self.outcome, self.remark = outcome, remark

    @property
    def says(self) -> tuple:
        return self.status.casefold(), self.note, self.new_login, self.new_password


@dataclass
class Plan:
    """Every row of the file; `unknown_columns` are passed over; `missing` accounts wait and are not in the file."""

    items: list[Item]
    unknown_columns: list[str]
    missing: list[PoolAccount]
    sha256: str

    def count(self, outcome: Outcome) -> int:
        return sum(item.outcome == outcome for item in self.items)

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        return [(outcome, count) for outcome in Outcome if (count := self.count(outcome))]

    @property
    def has_errors(self) -> bool:
        return self.count(Outcome.ERROR) > 0

    @property
    def has_sheets(self) -> bool:
        return len({item.sheet for item in self.items}) > 1

    @property
    def changes_anything(self) -> bool:
        return any(item.outcome in WRITES for item in self.items)

    @property
    def can_be_applied(self) -> bool:
        return not self.has_errors and self.changes_anything

    @property
    def ordered(self) -> list[Item]:
        order = list(Outcome)
        return sorted(self.items, key=lambda item: (order.index(item.outcome), item.number))

    @property
    def mark(self) -> str:
        """The same as long as the file and its consequences are; confirming sends back the mark that was seen."""
        told = [f"{item.sheet}{item.number}{item.outcome.name}" for item in self.items]
        return hashlib.sha256("|".join([self.sha256, *told]).encode()).hexdigest()


# Reading


def layout_of(mapping: dict) -> Layout:
    """Where the administrator has named a column, only that one is taken; otherwise it is known by its usual names."""
    headings = []
    for key, (title, also) in COLUMNS.items():
        own = mapping.get(key, "")
        headings.append(Heading(key, own or title, () if own else also))
    needs = ("login",) if mapping.get("listed_are_accepted") else ("login", "status")
    return Layout(tuple(headings), (needs,))


def read(content: bytes, mapping: dict) -> tables.Table:
    """Rows of the answer. Raises TableError: no such table, no rows."""
    table = tables.locate(tables.read(content), layout_of(mapping))
    if not table.rows:
        raise tables.TableError("Под заголовками нет ни одной строки.")
    return table


def verdict(status: str, mapping: dict) -> str:
    """refused, changed, accepted; "" for words that nobody has explained."""
    words = _folded(status)
    for meaning in ("refused", "changed", "accepted"):
        own = [_folded(word) for word in mapping.get(f"{meaning}_words", [])]
        if words in own:
            return meaning
    for meaning, known in WORDS.items():
        if any(words == word or (len(word) > SHORT and words.startswith(word)) for word in known):
            return meaning
    return ""


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


# The plan


def plan_of(answer: PoolAnswer) -> Plan:
    """The plan of the pool's answer; two queries. Raises TableError, crypto.CannotOpen."""
    pool = Pool.objects.select_related("element").get(pk=answer.pool_id)
    mapping = pool.answer_columns
    table = read(answer.unseal(), mapping)
    accounts = {account.login.casefold(): account for account in pool.accounts.all()}
    others = PoolAccount.objects.filter(pool__element=pool.element_id).exclude(pool=pool)
    taken = set(accounts) | {login.casefold() for login in others.values_list("login", flat=True)}
    items = [_item(row) for row in table.rows if row.text("login") or row.text("status")]
    _match(items, accounts)
    for item in items:
        if item.account is not None and item.outcome == Outcome.SILENT:
            _judge(item, mapping, taken)
    named = {item.account.pk for item in items if item.account}
    missing = [one for one in accounts.values() if one.pk not in named and one.state in WAITING]
    return Plan(items, table.unknown, missing, answer.sha256)


def _item(row: tables.Row) -> Item:
    item = Item(row.number, row.sheet, row.text("login"), row.text("status"), row.text("note"))
    item.new_login = row.text("new_login")
    item.new_password = row.text("new_password") or row.text("password")
    return item


def _match(items: list[Item], accounts: dict[str, PoolAccount]) -> None:
    """Finds the account of each row; tells of rows without one, and of a login that stands there twice."""
    first: dict[str, Item] = {}
    for item in items:
        key = item.login.casefold()
        if not key:
            item.settle(Outcome.ERROR, "Логин не указан.")
        elif key in first:
            same = first[key].says == item.says
            where = f"строки {first[key].number}"
            item.settle(Outcome.REPEATED if same else Outcome.ERROR, f"Повтор {where}." if same else
                        f"Тот же логин, что у {where}, а ответ другой.")  # fmt: skip
        else:
            # The login that the library has changed is known by its new name when the file comes again.
            item.account = accounts.get(key) or accounts.get(item.new_login.casefold())
            if item.account is None:
                item.settle(Outcome.UNKNOWN, "Такого логина в партии нет: строка пропущена.")
        first.setdefault(key, item)


def _judge(item: Item, mapping: dict, taken: set[str]) -> None:
    said = "accepted" if mapping.get("listed_are_accepted") and not item.status else verdict(item.status, mapping)
    if not item.status and said != "accepted":
        return
    if not said:
        item.settle(
            Outcome.ERROR, f"Непонятно, что значит «{item.status[:40]}»: объясните это слово в «Столбцах ответа»."
        )
    elif said == "refused":
        _judge_refused(item)
    else:
        _judge_accepted(item, said, taken)


def _judge_refused(item: Item) -> None:
    account = item.account
    reason = item.note or item.status
    if account.state == State.GIVEN:
        item.settle(
            Outcome.HELD, f"Библиотека отклонила её, а она уже выдана: сначала заберите её. {item.note}".strip()
        )
    elif account.state in (State.RETURNED, State.CLOSED) or (account.state == State.REFUSED and account.note == reason):
        item.settle(Outcome.SAME)
    else:
        item.note = reason[:300]
        item.settle(Outcome.REFUSED, reason[:300])


def _judge_accepted(item: Item, said: str, taken: set[str]) -> None:
    account, told = item.account, []
    if account.state in (State.RETURNED, State.CLOSED):
        item.settle(Outcome.SAME, "Возвращена или закрыта: ответ её не меняет.")
        return
    if len(item.new_login) > LONGEST_LOGIN or len(item.new_password) > LONGEST_PASSWORD:
        item.settle(Outcome.ERROR, "Слишком длинный логин или пароль: проверьте, те ли это столбцы.")
        return
    if item.new_login and item.new_login != account.login:
        if item.new_login.casefold() in taken - {account.login.casefold()}:
            item.settle(Outcome.ERROR, f"Логин «{item.new_login[:40]}» в этой библиотеке уже есть.")
            return
        taken.add(item.new_login.casefold())
        told.append(f"новый логин {item.new_login}")
    if item.new_password and item.new_password != _password(account):
        told.append("новый пароль")
    if told:
        item.settle(Outcome.CHANGED, f"Изменено: {', '.join(told)}.")
    elif said == "changed" and account.state in ANSWERED:
        item.settle(Outcome.ERROR, "Библиотека что-то изменила, а нового логина или пароля в строке нет.")
    else:
        item.settle(Outcome.ACCEPTED if account.state in ANSWERED else Outcome.SAME)


def _password(account: PoolAccount) -> str | None:
    """None where its key is missing: whatever the library says is then new."""
    try:
        return account.unseal()
    except crypto.CannotOpen:
        return None
