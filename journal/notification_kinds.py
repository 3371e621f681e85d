"""What the journal tells people of; filled in when the portal starts."""

from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Mail
from accounts.notifications import NotificationKind
from journal.changes import CHANGED
from journal.entry_pages import ASKED, OPENED

# Attestation
NOTIFICATION_KINDS.register(
    "retake",
    NotificationKind(
        title="Пересдачи",
        group="Учебная работа",
        about="Ученику и родителям: назначена или перенесена пересдача, задолженность ликвидирована.",
        icon="clipboard",
    ),
)

# Rules of entry
NOTIFICATION_KINDS.register(
    ASKED,
    NotificationKind(
        title="Просьбы открыть журнал",
        group="Учебная работа",
        about="Заместителю директора по УВР: учитель просит открыть журнал, срок ввода в котором прошёл.",
        icon="clock",
    ),
)
NOTIFICATION_KINDS.register(
    OPENED,
    NotificationKind(
        title="Журнал открыт",
        group="Учебная работа",
        about="Учителю: его журнал снова открыт для ввода до названного дня.",
        icon="clock",
    ),
)

# Changes of a day
NOTIFICATION_KINDS.register(
    CHANGED,
    NotificationKind(
        title="Замены и переносы уроков",
        group="Учебная работа",
        about="Учителю: вас назначили на замену или замену сняли, ваш урок отдан другому, отменён, перенесён.",
        mail=Mail.NOW,
        icon="calendar",
    ),
)
