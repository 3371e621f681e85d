"""What this app tells people of; filled in when the portal starts. Later parts only add kinds of their own."""

from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Mail
from accounts.notifications import Letter, NotificationKind

ASK = "Если вы об этом не знали, сразу сообщите классному руководителю или системному администратору школы."

NOTIFICATION_KINDS.register(
    "security",
    NotificationKind(
        title="Безопасность",
        group="Учётная запись",
        about="Смена и выдача пароля, второй шаг входа, снятая блокировка.",
        mail=Mail.NOW,
        icon="shield",
        letters={
            "password": Letter(
                "изменён пароль", f"В вашей учётной записи изменён пароль, прежний больше не действует. {ASK}"
            ),
            "issued": Letter(
                "выдан новый пароль",
                "Вам выдан новый пароль: прежний не действует, открытые входы завершены. Пароль отдают лично, письмом "
                f"его не присылают. {ASK}",
            ),
            "factor": Letter("изменён второй шаг входа", f"В вашей учётной записи изменён второй шаг входа. {ASK}"),
            "factor_reset": Letter(
                "сброшен второй шаг входа",
                f"В вашей учётной записи сброшен второй шаг входа, открытые входы завершены. {ASK}",
            ),
            "unblocked": Letter(
                "вход снова открыт",
                f"Блокировка вашей учётной записи снята. Входы, открытые до неё, завершены: войдите заново. {ASK}",
            ),
        },
    ),
)
