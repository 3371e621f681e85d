"""What the journal tells people of; filled in when the portal starts."""

from accounts.hints import NOTIFICATION_KINDS
from accounts.notifications import NotificationKind

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
