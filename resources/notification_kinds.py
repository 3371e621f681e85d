"""What this app tells people of; filled in when the portal starts."""

from accounts.hints import NOTIFICATION_KINDS
from accounts.notifications import NotificationKind

# Logins and passwords at platforms
NOTIFICATION_KINDS.register(
    "platform-logins",
    NotificationKind(
        title="Логины на платформах",
        group="Платформы",
        about="Школа выдала вам логин и пароль для платформы или заменила их.",
        icon="key",
    ),
)
