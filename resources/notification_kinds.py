"""What this app tells people of; filled in when the portal starts."""

from accounts.hints import NOTIFICATION_KINDS
from accounts.notifications import NotificationKind

# Requests and suggestions

NOTIFICATION_KINDS.register(
    "access_request_new",
    NotificationKind(
        title="Заявки на доступ",
        group="Элементы и доступ",
        about="Для администраторов элементов: новые заявки и те, что ждут давно.",
        icon="inbox",
    ),
)
NOTIFICATION_KINDS.register(
    "access_request_decided",
    NotificationKind(
        title="Ответы на мои заявки",
        group="Элементы и доступ",
        about="Заявка на доступ подтверждена, отклонена или доступ прекращён.",
        icon="key",
    ),
)
NOTIFICATION_KINDS.register(
    "suggestion_new",
    NotificationKind(
        title="Предложения",
        group="Элементы и доступ",
        about="Для тех, кто отвечает на предложения: новый ресурс или изменение элемента.",
        icon="chat",
    ),
)
NOTIFICATION_KINDS.register(
    "suggestion_answered",
    NotificationKind(
        title="Ответы на мои предложения",
        group="Элементы и доступ",
        about="Предложение принято или отклонено, с ответом.",
        icon="chat",
    ),
)

# Logins and passwords at platforms
NOTIFICATION_KINDS.register(
    "platform-logins",
    NotificationKind(
        title="Логины на платформах",
        group="Элементы и доступ",
        about="Школа выдала вам логин и пароль для платформы или заменила их.",
        icon="key",
    ),
)

# Acquaintance
NOTIFICATION_KINDS.register(
    "document_unread",
    NotificationKind(
        title="Документы для прочтения",
        group="Элементы и доступ",
        about="Вышел документ или его новая редакция, с которой вы должны ознакомиться.",
        icon="doc",
    ),
)

# Work programmes
NOTIFICATION_KINDS.register(
    "programme",
    NotificationKind(
        title="Мои рабочие программы",
        group="Учебная работа",
        about="Ваша рабочая программа утверждена или возвращена с причиной.",
        icon="book",
    ),
)

# Courses
NOTIFICATION_KINDS.register(
    "course",
    NotificationKind(
        title="Курсы",
        group="Учебная работа",
        about="Курс ждёт вашей проверки, опубликован, возвращён с причиной, или к нему есть замечание.",
        icon="layers",
    ),
)
