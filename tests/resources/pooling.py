"""What tests of pools say often: a pool, its states, a library's answer kept and applied."""

from accounts.actor import Actor
from resources import pool_answers
from resources.actions import pool_answers as answers
from resources.actions import pools as actions
from resources.models import Pool, PoolAccount
from resources.pool_answers import Outcome

BY = Actor.command("tests")
State = PoolAccount.State
LOGINS = tuple(f"kniga-{number:03}" for number in range(1, 6))


def new_pool(library, *, number=3, numbering="number", **fields) -> Pool:
    fields = {"name": "Осень", "prefix": "kniga-", "alphabet": "abcdefgh23", "password_length": 8, **fields}
    return actions.make_pool(Pool(element=library, **fields), number=number, numbering=numbering, by=BY)


def states(pool) -> dict[str, str]:
    return dict(pool.accounts.values_list("login", "state"))


def csv_of(*lines: str, encoding="utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def answer(pool, content: bytes):
    return answers.keep_answer(pool, name="ответ.csv", content=content, by=BY)


def apply(pool, content: bytes):
    row = answer(pool, content)
    return answers.apply_answer(row, pool_answers.plan_of(row).mark, by=BY)


def outcomes(plan) -> dict[int, Outcome]:
    return {item.number: item.outcome for item in plan.items}
