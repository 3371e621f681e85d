from django.apps import AppConfig

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES, PERSONAL_FIELDS

TITLES = {
    # Gradebooks and load
    # Imports
    # Diary
    # Attestation
    # Sheets
    # Reports
}
FIELDS: dict[str, str] = {}
PERSONAL: dict[str, frozenset[str]] = {
    "journal.mark": frozenset({"value", "number", "comment"}),
    "journal.absence": frozenset({"code"}),
    "journal.result": frozenset({"value", "average"}),
}


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = "Журнал"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for model, fields in PERSONAL.items():
            PERSONAL_FIELDS.register(model, fields)
        for action, title in TITLES.items():
            AUDIT_TITLES.register(action, title)
        for name, title in FIELDS.items():
            AUDIT_FIELDS.register(name, title)
