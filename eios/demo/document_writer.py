"""Documents of the demonstration school: the security policy, and rules that must be read before a door opens."""

import datetime

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from resources.actions.documents import publish_edition, save_document
from resources.actions.elements import add_condition, govern
from resources.models import Acquaintance, Condition, Document, Edition, Element

POLICY = """## Кому что открыто

Закрытость элементов среды устанавливает системный администратор; администратор элемента может только ужесточить её.

- **0** — открыто всем.
- **1** — обучающимся и родителям, по учётной записи.
- **2** — работникам школы.
- **3** — руководителям ШМО и выше.
- **4** — руководству школы.
- **5** — тем, кто назван поимённо.

## Привилегии

Доступ сверх уровня даёт администратор элемента: на срок, с основанием. Последний день срока — рабочий.

## Пароли

Пароль никому не сообщают. Если пароль узнал кто-то ещё, его меняют в тот же день.
"""
RULES = """## Кто работает в ФИС ОКО

Данные всероссийских проверочных работ видят и загружают те, кому это поручил директор.

## Как работать

1. Входите только со своего рабочего места.
2. Не скачивайте списки детей на свои устройства.
3. О чужом входе сразу сообщайте системному администратору.
"""
RULES_BEFORE = """## Кто работает в ФИС ОКО

Данные всероссийских проверочных работ загружает заместитель директора.
"""
BOUND = "fis-oko"


def write(by_login: dict[str, User], year_starts: datetime.date, by: Actor) -> None:
    """Two documents; the rules bind one platform, and the director has read them."""
    policy = save_document(Document(title="Политика безопасности ЭИОС", kind=Document.Kind.POLICY), by=by)
    publish_edition(policy, text=POLICY, in_force_from=year_starts, basis="Приказ директора", by=by)
    rules = save_document(Document(title="Порядок работы в ФИС ОКО", kind=Document.Kind.RULES), by=by)
    former = year_starts - datetime.timedelta(days=365)
    publish_edition(rules, text=RULES_BEFORE, in_force_from=former, basis="Протокол педсовета № 1", by=by)
    edition = publish_edition(rules, text=RULES, in_force_from=year_starts, basis="Протокол педсовета № 2", by=by)
    element = Element.objects.get(slug=BOUND)
    add_condition(Condition(element=element, kind=Condition.Kind.ACQUAINTANCE, document=rules), by=by)
    govern(element, [policy, rules], by=by)
    _read(edition, by_login["director"])


def _read(edition: Edition, person: User) -> None:
    Acquaintance.objects.create(person=person, edition=edition, at=timezone.now())
