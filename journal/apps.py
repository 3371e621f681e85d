from django.apps import AppConfig

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES, PERSONAL_FIELDS

TITLES = {
    # Gradebooks and load
    # Imports
    # Diary
    # Attestation
    # Sheets
    "sheet_layout.added": "изменён вид сводной ведомости",
    "sheet_minutes.added": "внесён протокол для сводной ведомости",
    "sheet_minutes.changed": "исправлен протокол для сводной ведомости",
    "sheet_minutes.deleted": "убран протокол для сводной ведомости",
    "sheet_note.added": "сделана запись в сводной ведомости",
    "sheet_note.changed": "исправлена запись в сводной ведомости",
    "sheet_note.deleted": "убрана запись из сводной ведомости",
    "archived_sheet.added": "сводная ведомость сдана в архив",
    # Reports
}
FIELDS: dict[str, str] = {}
PERSONAL: dict[str, frozenset[str]] = {
    "journal.mark": frozenset({"value", "number", "comment"}),
    "journal.absence": frozenset({"code"}),
    "journal.result": frozenset({"value", "average"}),
    "journal.sheetnote": frozenset({"behaviour", "decision"}),
    "journal.archivedsheet": frozenset({"content"}),
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
