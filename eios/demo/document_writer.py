"""Documents of the demonstration school: the policy, rules that open a door, the Regulation that all must read."""

import datetime

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Order, User
from eios.lib.dates import today
from resources.actions.documents import correct_edition, lose_force, publish_edition, save_document
from resources.actions.elements import add_condition, govern
from resources.actions.first_documents import load_documents
from resources.actions.reading import add_duty
from resources.models import Acquaintance, Condition, Document, Edition, Element, MustRead

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
SITE = """## Что публикуется

Сведения об образовательной организации, документы, новости, расписание.

## Кто отвечает

1. Ответственный за сайт проверяет разделы раз в месяц.
2. Сведения обновляются в течение десяти рабочих дней после изменения.
"""
SITE_BEFORE = """## Что публикуется

Сведения об образовательной организации, документы, новости.

## Кто отвечает

1. Ответственный за сайт проверяет разделы раз в четверть.
"""
SITE_NEXT = SITE + "3. Фотографии детей публикуются только с согласия родителей.\n"
ADOPTED = {"adopted_by": "Педагогический совет", "protocol_number": "1"}
OPINIONS = {
    "parents_opinion": "Учтено, протокол № 1 заседания совета родителей",
    "pupils_opinion": "Учтено, протокол № 1 заседания совета обучающихся",
}
# Days to read the Regulation; every so many-th person has not done it yet.
DAYS_TO_READ, UNREAD = 30, 4
BATCH = 1000


def write(by_login: dict[str, User], people: list[User], year_starts: datetime.date, by: Actor) -> None:
    """The policy and the rules that bind one platform; acts of clause 1.2; the Regulation, which most have read."""
    policy = save_document(Document(title="Политика безопасности ЭИОС", kind=Document.Kind.POLICY), by=by)
    publish_edition(policy, text=POLICY, in_force_from=year_starts, basis="Приказ директора", by=by)
    rules = save_document(Document(title="Порядок работы в ФИС ОКО", kind=Document.Kind.RULES), by=by)
    former = year_starts - datetime.timedelta(days=365)
    publish_edition(rules, text=RULES_BEFORE, in_force_from=former, basis="Протокол педсовета № 1", by=by)
    edition = publish_edition(rules, text=RULES, in_force_from=year_starts, basis="Протокол педсовета № 2", by=by)
    element = Element.objects.get(slug=BOUND)
    add_condition(Condition(element=element, kind=Condition.Kind.ACQUAINTANCE, document=rules), by=by)
    govern(element, [policy, rules], by=by)
    _read(edition, [by_login["director"]])
    load_documents(by=by, in_force_from=former)
    _regulation(people, by)
    _site(year_starts, former, by)
    _old_rules(former, by)


def _regulation(people: list[User], by: Actor) -> None:
    """Adopted and approved by the order that brought the environment in; everybody must read it, most have."""
    document = Document.objects.get(code="regulation")
    edition = document.edition_on(today())
    edition.adopted_by, edition.protocol_number = ADOPTED.values()
    orders = Order.objects.approving().filter(date__lte=edition.in_force_from)
    edition.order = orders.order_by("-date").first()
    correct_edition(edition, by=by)
    for status in MustRead.Status.values:
        add_duty(MustRead(document=document, status=status, days=DAYS_TO_READ), by=by)
    _read(edition, [one for number, one in enumerate(people, 1) if number % UNREAD])


def _site(year_starts: datetime.date, former: datetime.date, by: Actor) -> None:
    """A school act with all that an act has: three editions, the last of which is still to come."""
    site = save_document(
        Document(title="Положение об официальном сайте", kind=Document.Kind.REGULATION, number="12"), by=by
    )
    publish_edition(site, text=SITE_BEFORE, in_force_from=former, **ADOPTED, protocol_date=former, by=by)
    protocol = {**ADOPTED, **OPINIONS, "protocol_date": year_starts - datetime.timedelta(days=3)}
    publish_edition(site, text=SITE, in_force_from=year_starts, basis="Приказ директора", **protocol, by=by)
    coming = today() + datetime.timedelta(days=30)
    publish_edition(site, text=SITE_NEXT, in_force_from=coming, **{**ADOPTED, "protocol_number": "3"}, by=by)


def _old_rules(former: datetime.date, by: Actor) -> None:
    """An act that has lost force, with the one in its place."""
    old = save_document(Document(title="Правила пользования компьютерным классом", kind=Document.Kind.RULES), by=by)
    publish_edition(old, text="Вход в класс — с учителем.", in_force_from=former - datetime.timedelta(days=365), by=by)
    lose_force(old, on=former, replaced_by=Document.objects.get(code="regulation"), by=by)


def _read(edition: Edition, people: list[User]) -> None:
    now = timezone.now()
    rows = [Acquaintance(person=person, edition=edition, at=now) for person in people]
    Acquaintance.objects.bulk_create(rows, batch_size=BATCH)
