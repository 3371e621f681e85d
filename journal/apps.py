from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

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
    "teaching_load.deleted": "снята замена на день",
    "teaching_load.loaded": "учебная нагрузка загружена из файла",
    "subgroup.added": "создана подгруппа",
    "subgroup.changed": "переименована подгруппа",
    "subgroup.distributed": "обучающиеся распределены в подгруппу",
    # Rules of entry
    "entry_rules.added": "установлены правила ввода отметок",
    "entry_rules.changed": "изменены правила ввода отметок",
    "entry_opening.added": "журнал открыт для ввода",
    "entry_opening.closed": "журнал закрыт досрочно",
    # Lessons
    "gradebook.lessons_generated": "уроки приведены к расписанию",
    "gradebook.topics_laid": "темы разложены по урокам",
    "gradebook.programme_chosen": "выбрана рабочая программа журнала",
    "lesson.added": "добавлен урок",
    "lesson.changed": "изменён урок",
    "lesson.deleted": "убран пустой урок",
    "lesson_work.added": "добавлена колонка урока",
    "lesson_work.changed": "изменена колонка урока",
    "lesson_work.deleted": "убрана колонка урока",
    "homework.added": "задано домашнее задание",
    "homework.changed": "изменено домашнее задание",
    "homework.deleted": "снято домашнее задание",
    "homework_file.added": "приложен файл к заданию",
    "homework_file.deleted": "убран файл задания",
    "work_kind.added": "добавлен вид работы",
    "work_kind.changed": "изменён вид работы",
    # Timetable
    "timetable.added": "начато расписание уроков",
    "timetable.filled": "расписание заполнено из файла",
    "timetable.put_in_force": "расписание введено в действие",
    "timetable.deleted": "удалён черновик расписания",
    "timetable_line.added": "поставлен урок в расписание",
    "timetable_line.changed": "изменён урок в расписании",
    "timetable_line.deleted": "убран урок из расписания",
    "room.added": "добавлен кабинет",
    "room.changed": "изменён кабинет",
    "room.deleted": "убран кабинет",
    "bell_schedule.added": "добавлены звонки",
    "bell_schedule.changed": "изменены дни и классы звонков",
    "bell_schedule.laid": "изменено время звонков",
    "bell_schedule.deleted": "убраны звонки",
    "day_change.added": "изменён день в расписании",
    "day_change.changed": "исправлено изменение в расписании",
    "day_change.deleted": "снято изменение в расписании",
    # Imports
    # Diary
    # Attestation
    "interim_assessment.added": "предмет внесён в расписание аттестации",
    "interim_assessment.changed": "изменены форма или день аттестации",
    "interim_assessment.commission_named": "названа комиссия аттестации",
    "interim_assessment.deleted": "предмет убран из расписания аттестации",
    "assessment_result.entered": "внесён результат промежуточной аттестации",
    "assessment_result.removed": "убран результат промежуточной аттестации",
    "academic_debt.opened": "возникла академическая задолженность",
    "academic_debt.withdrawn": "снята ошибочная академическая задолженность",
    "academic_debt.cleared": "ликвидирована академическая задолженность",
    "academic_debt.reopened": "академическая задолженность снова открыта",
    "retake.set": "назначена пересдача",
    "retake.changed": "изменена пересдача",
    "retake.cancelled": "отменена пересдача",
    "retake.commission_named": "названа комиссия пересдачи",
    "retake.entered": "внесён результат пересдачи",
    "state_exam.entered": "внесён результат государственного экзамена",
    "state_exam.removed": "убран результат государственного экзамена",
    "council.called": "созван педсовет по итогам",
    "council.called_off": "отменён педсовет по итогам",
    "council.frozen": "журналы закрыты к педсовету",
    "council.unfrozen": "журналы снова открыты",
    "council.confirmed": "итоги утверждены педсоветом",
    "result.proposed": "учитель выставил результат",
    "result.withdrawn": "убран выставленный результат",
    "result.changed": "изменён утверждённый результат",
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
FIELDS: dict[str, str] = {
    # Lessons
    "days": "дни",
    "lessons_added": "уроков добавлено",
    "lessons_moved": "уроков изменено",
    "lessons_removed": "пустых уроков убрано",
    "lessons_filled": "уроков с темами",
    # Timetable
    "bells": "звонки",
    # Attestation
    "results": "результатов",
    "members_came": "пришли",
    "members_left": "ушли",
    "from_day": "с какого дня",
}
PERSONAL: dict[str, frozenset[str]] = {
    "journal.mark": frozenset({"value", "number", "comment"}),
    "journal.absence": frozenset({"code"}),
    "journal.result": frozenset({"value", "average"}),
    "journal.sheetnote": frozenset({"behaviour", "decision"}),
    "journal.archivedsheet": frozenset({"content"}),
    "journal.assessmentresult": frozenset({"value", "missed"}),
    "journal.retake": frozenset({"value", "missed", "note"}),
    "journal.stateexam": frozenset({"score", "mark"}),
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
        # What the change of the year asks of the journal.
        autodiscover_modules("rollover_hints")
