"""What of this app waits for people in «Ждёт вас»; filled in when the portal starts."""

import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts import acceptance, blocking_scope, consents, credentials, registration
from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import AccessReport, Notification, Order, RegistrationSheet, SheetRow, Slip, Training, User
from accounts.models.people import MANAGEMENT_LEVEL
from accounts.staff import manages
from eios.lib import russian


def _children_text(count: int) -> str:
    return "Примите соглашение за ребёнка" if count == 1 else f"Примите соглашение за детей: {count}"


def _pupils_text(count: int) -> str:
    pupils = russian.plural(count, "обучающийся", "обучающихся", "обучающихся")
    return f"Не {russian.plural(count, 'принял', 'приняли', 'приняли')} соглашение: {count} {pupils} класса"


def _pupils_url(person: User) -> str:
    """The one class, or the list of them."""
    if len(person.led_classes) != 1:
        return reverse("accounts:class_list")
    return reverse("accounts:class_agreement", args=[person.led_classes[0].pk]) + "?state=waiting"


def _orders_text(count: int) -> str:
    orders = russian.plural(count, "приказ подписан", "приказа подписаны", "приказов подписаны")
    return f"{count} {orders}, но не {russian.plural(count, 'исполнен', 'исполнены', 'исполнены')}"


def _signed_orders(key: int, date) -> QuerySet[Order]:
    return Order.objects.filter(state=Order.State.SIGNED)


COUNTERS.register(
    "orders-signed",
    Counter(
        icon="doc",
        concerns=lambda person: person.level >= MANAGEMENT_LEVEL,
        rows=_signed_orders,
        text=_orders_text,
        url=lambda person: reverse("accounts:order_list") + "?state=signed",
        button="Открыть",
    ),
)


def _no_slip_text(count: int) -> str:
    pupils = russian.plural(count, "обучающегося", "обучающихся", "обучающихся")
    return f"Нет листка с логином у {count} {pupils}"


def _to_give_text(count: int) -> str:
    return f"Вручите владельцам {count} {russian.plural(count, 'листок', 'листка', 'листков')} с логином"


def _to_give_url(person: User) -> str:
    """The class one leads, or the list of classes."""
    if len(person.led_classes) != 1 or credentials.DESIGNATED in person.position_codes:
        return reverse("accounts:class_slips_list")
    return reverse("accounts:class_slips", args=[person.led_classes[0].pk])


COUNTERS.register(
    "slips-to-print",
    Counter(
        icon="key",
        concerns=credentials.issues_to_families,
        rows=lambda key, date: credentials.pupils_without_slip(date),
        text=_no_slip_text,
        url=lambda person: reverse("accounts:credentials_list") + "?state=none",
        button="Напечатать",
    ),
)
COUNTERS.register(
    "slips-to-give",
    Counter(
        icon="key",
        concerns=lambda person: bool(person.position_codes & set(credentials.HOLDERS)),
        rows=lambda key, date: Slip.objects.waiting_at(key),
        text=_to_give_text,
        url=_to_give_url,
        button="Вручить",
    ),
)


def _notifications_text(count: int) -> str:
    words = russian.plural(count, "непрочитанное уведомление", "непрочитанных уведомления", "непрочитанных уведомлений")
    return f"{count} {words}"


COUNTERS.register(
    "notifications",
    Counter(
        icon="bell",
        concerns=lambda person: person.unread_notifications > 0,
        rows=lambda key, date: Notification.objects.unread().filter(person=key),
        text=_notifications_text,
        url=lambda person: reverse("accounts:notification_list"),
        button="Прочитать",
    ),
)


def _trainings_to_confirm(key: int, date: datetime.date) -> QuerySet[Training]:
    """Nobody confirms the own training."""
    return Training.objects.waiting().exclude(person=key)


def _trainings_returned(key: int, date: datetime.date) -> QuerySet[Training]:
    return Training.objects.returned().filter(person=key)


def _to_confirm_text(count: int) -> str:
    records = russian.plural(count, "запись", "записи", "записей")
    return f"{russian.plural(count, 'Ждёт', 'Ждут', 'Ждут')} подтверждения: {count} {records} об обучении работников"


def _returned_text(count: int) -> str:
    return "Поправьте запись об обучении" if count == 1 else f"Поправьте записи об обучении: {count}"


COUNTERS.register(
    "agreement-children",
    Counter(
        icon="tick-doc",
        concerns=lambda person: person.is_parent,
        rows=acceptance.children_waiting,
        text=_children_text,
        url=lambda person: reverse("accounts:agreement_children"),
        button="Принять",
    ),
)
COUNTERS.register(
    "agreement-class",
    Counter(
        icon="people",
        concerns=lambda person: bool(person.led_classes),
        rows=acceptance.pupils_waiting,
        text=_pupils_text,
        url=_pupils_url,
        button="Посмотреть",
    ),
)


def _reports_text(count: int) -> str:
    reports = russian.plural(count, "сообщение", "сообщения", "сообщений")
    return f"Не могут войти или пароль узнали: {count} {reports}"


def _all_reports(key: int, date: datetime.date) -> QuerySet[AccessReport]:
    return AccessReport.objects.open()


def _reports_of_families(key: int, date: datetime.date) -> QuerySet[AccessReport]:
    return AccessReport.objects.open().filter(person__in=blocking_scope.families(date).values("pk"))


def _reports_of_own_class(key: int, date: datetime.date) -> QuerySet[AccessReport]:
    own = blocking_scope.families_of_leader(key, date)
    return AccessReport.objects.open().filter(person__in=own.values("pk"))


def _register_reports(name: str, concerns, rows) -> None:
    COUNTERS.register(
        name,
        Counter(
            icon="help",
            concerns=concerns,
            rows=rows,
            text=_reports_text,
            url=lambda person: reverse("accounts:incident_list"),
            button="Разобрать",
        ),
    )


def _is_officer(person: User) -> bool:
    return blocking_scope.OFFICER in person.position_codes and not person.is_system_administrator


# One of the three for each person: the widest that one has.
_register_reports("reports-all", lambda person: person.is_system_administrator, _all_reports)
_register_reports("reports-families", _is_officer, _reports_of_families)
_register_reports(
    "reports-class",
    lambda person: bool(person.led_classes) and not person.is_system_administrator and not _is_officer(person),
    _reports_of_own_class,
)


def _sheet_url(person: User) -> str:
    if len(person.led_classes) != 1:
        return reverse("accounts:class_list")
    return reverse("accounts:class_sheet", args=[person.led_classes[0].pk])


def _sheets_text(count: int) -> str:
    return f"{count} {russian.plural(count, 'регистрационная ведомость', 'регистрационные ведомости', 'ведомостей')}"


COUNTERS.register(
    "registration-sheets",
    Counter(
        icon="clipboard",
        concerns=lambda person: person.level >= MANAGEMENT_LEVEL,
        rows=lambda key, date: RegistrationSheet.objects.submitted(),
        text=lambda count: f"Ждут приказа: {_sheets_text(count)}",
        url=lambda person: reverse("accounts:registration_list") + "?state=submitted",
        button="Рассмотреть",
    ),
)
COUNTERS.register(
    "registration-returned",
    Counter(
        icon="clipboard",
        concerns=lambda person: bool(person.led_classes),
        rows=registration.returned_to,
        text=lambda count: f"Вернули на исправление: {_sheets_text(count)}",
        url=_sheet_url,
        button="Исправить",
    ),
)


def _asked_text(count: int) -> str:
    pupils = russian.plural(count, "обучающегося", "обучающихся", "обучающихся")
    return f"Классные руководители просят логин для {count} {pupils}"


COUNTERS.register(
    "registration-credentials",
    Counter(
        icon="key",
        concerns=credentials.issues_to_families,
        rows=lambda key, date: SheetRow.objects.asking_credentials(date),
        text=_asked_text,
        url=lambda person: reverse("accounts:credentials_list") + "?state=asked",
        button="Выдать",
    ),
)


def _consents_text(count: int) -> str:
    words = russian.plural(count, "согласие", "согласия", "согласий")
    return f"Прочитайте и ответьте: {count} {words}"


def _consents_of_children_text(count: int) -> str:
    return "Ответьте о согласиях за ребёнка" if count == 1 else f"Ответьте о согласиях за детей: {count}"


COUNTERS.register(
    "consents-children",
    Counter(
        icon="shield",
        concerns=lambda person: person.is_parent,
        rows=consents.children_asked,
        text=_consents_of_children_text,
        url=lambda person: reverse("accounts:consent_list"),
        button="Ответить",
    ),
)
COUNTERS.register(
    "consents-own",
    Counter(
        icon="shield",
        concerns=lambda person: person.is_pupil or person.is_employee,
        rows=consents.own_asked,
        text=_consents_text,
        url=lambda person: reverse("accounts:consent_list"),
        button="Ответить",
    ),
)
COUNTERS.register(
    "training-to-confirm",
    Counter(
        icon="cap",
        concerns=manages,
        rows=_trainings_to_confirm,
        text=_to_confirm_text,
        url=lambda person: reverse("accounts:training_list") + "?state=waiting",
        button="Посмотреть",
    ),
)
COUNTERS.register(
    "training-returned",
    Counter(
        icon="cap",
        concerns=lambda person: person.is_employee,
        rows=_trainings_returned,
        text=_returned_text,
        url=lambda person: reverse("accounts:training_list") + "?state=returned",
        button="Поправить",
    ),
)
