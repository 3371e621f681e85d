from django.apps import AppConfig

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES, PERSONAL_FIELDS

TITLES = {
    # Gradebooks and load
    "gradebook.added": "открыт журнал",
    "gradebook.decided": "журнал приведён к решению школы",
    "keeping_decision.added": "решено, где ведётся журнал",
    "keeping_decision.changed": "изменено решение о ведении журнала",
    "keeping_decision.deleted": "убрано решение о ведении журнала",
    "scale_rule.added": "решено, какой шкалой отмечают",
    "scale_rule.changed": "изменено решение о шкале отметок",
    "scale_rule.deleted": "убрано решение о шкале отметок",
    "teaching_load.added": "внесена учебная нагрузка",
    "teaching_load.changed": "изменена учебная нагрузка",
    "teaching_load.loaded": "учебная нагрузка загружена из файла",
    "subgroup.added": "создана подгруппа",
    "subgroup.changed": "переименована подгруппа",
    "subgroup.distributed": "обучающиеся распределены в подгруппу",
    # Imports
    # Diary
    # Attestation
    # Sheets
    # Reports
}
FIELDS: dict[str, str] = {
    "members_came": "пришли",
    "members_left": "ушли",
    "from_day": "с какого дня",
}
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
