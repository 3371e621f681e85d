from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES, PERSONAL_FIELDS

TITLES = {
    "agreement.published": "опубликована редакция соглашения",
    "agreement_edition.changed": "исправлена редакция соглашения",
    "agreement.accepted": "принято соглашение",
    "person.added": "заведена учётная запись",
    "person.changed": "исправлены данные человека",
    "person.superuser_changed": "изменено право на установку",
    "person.signed_in": "вход",
    "person.signed_out": "выход",
    "person.blocked": "учётная запись заблокирована",
    "person.unblocked": "блокировка снята",
    "person.stopped_by_code": "вход остановлен по стоп-коду",
    "person.stop_refused": "стоп-код последнего системного администратора не сработал",
    "access_report.filed": "сообщение о входе",
    "access_report.noted": "заметка о сообщении о входе",
    "access_report.closed": "закрыто сообщение о входе",
    "keys.rotated": "зашифрованное переведено на новый ключ",
    "breach.added": "внесено нарушение",
    "breach.changed": "исправлена запись о нарушении",
    "breach.evidence_added": "приложены доказательства нарушения",
    "breach.evidence_removed": "убрано доказательство нарушения",
    "breach.decided": "принято решение о нарушении",
    "breach.closed": "закрыто нарушение",
    "breach.reopened": "нарушение открыто заново",
    "password.changed": "задан собственный пароль",
    "password.kept": "оставлен выданный пароль",
    "password.issued": "выдан новый пароль",
    "slips.printed": "напечатаны листки",
    "slip.handed": "листок передан для вручения",
    "slip.given": "листок вручён",
    "link.issued": "выдана одноразовая ссылка",
    "link.opened": "открыта одноразовая ссылка",
    "factor.changed": "изменён второй шаг входа",
    "factor.reset": "сброшен второй шаг входа",
    "session.ended": "завершены входы на других устройствах",
    "sign_in.guessing": "много неудачных входов подряд",
    "appointment.added": "назначение на должность",
    "appointment.ended": "изменён последний день назначения",
    "enrolment.added": "зачисление в класс",
    "enrolment.ended": "изменён последний день в классе",
    "relation.added": "подтверждён законный представитель",
    "relation.ended": "изменён последний день представительства",
    "enrolment.removed": "зачисление отменено приказом",
    "appointment.removed": "назначение отменено приказом",
    "relation.removed": "запись о законном представителе отменена приказом",
    "order.drafted": "составлен черновик приказа",
    "order.changed": "исправлен приказ",
    "order.deleted": "удалён черновик приказа",
    "order.signed": "приказ подписан",
    "order.returned": "приказ возвращён в черновик",
    "order.executed": "приказ исполнен",
    "order.cancelled": "приказ отменён",
    "order_line.added": "добавлен пункт приказа",
    "order_line.changed": "исправлен пункт приказа",
    "order_line.removed": "убран пункт приказа",
    "consent_text.published": "опубликован текст согласия",
    "consent_text.changed": "изменён текст согласия",
    "consent.given": "дано согласие",
    "consent.refused": "отказ дать согласие",
    "consent.withdrawn": "отозвано согласие",
    "personal_file.given": "присвоен номер личного дела",
    "school_card.changed": "изменена карточка школы",
    "academic_year.added": "открыт учебный год",
    "academic_year.changed": "изменён учебный год",
    "academic_year.deleted": "удалён учебный год",
    "school_class.added": "открыт класс",
    "school_class.changed": "изменён класс",
    "school_class.deleted": "удалён класс",
    "rollover.added": "начат переход на новый год",
    "rollover.changed": "изменены даты или основание перехода на новый год",
    "next_class.added": "решено, как класс идёт дальше",
    "next_class.changed": "изменено, как класс идёт дальше",
    "rollover_decision.added": "решён итог года обучающегося",
    "rollover_decision.changed": "изменён итог года обучающегося",
    "position.added": "добавлена должность",
    "position.changed": "изменена должность",
    "position.deleted": "удалена должность",
    "method_group.added": "добавлено ШМО",
    "method_group.changed": "изменено ШМО",
    "method_group.deleted": "удалено ШМО",
    "training.added": "внесено обучение работника",
    "training.changed": "исправлена запись об обучении",
    "training.confirmed": "обучение подтверждено",
    "training.returned": "запись об обучении возвращена",
    "training.deleted": "удалена запись об обучении",
    "skill.added": "добавлен навык в перечень",
    "skill.changed": "изменён навык в перечне",
    "skill.deleted": "удалён навык из перечня",
    "skill_record.added": "подтверждён навык работника",
    "skill_record.deleted": "убрана запись о навыке",
    "qualification_record.added": "внесена квалификация работника",
    "qualification_record.changed": "исправлена квалификация работника",
    "import_batch.added": "загружены файлы другой системы",
    "import_batch.decided": "решено, что значат слова в файлах",
    "import_batch.applied": "загрузка применена",
    "import_batch.undone": "загрузка отменена",
    "import_batch.dropped": "загрузка отклонена",
    "file.stored": "загружен файл",
    "file.removed": "убран ненужный файл",
    "file.infected": "отклонён файл с вирусом",
    "file.scanned": "файл проверен на вирусы",
    "registration_sheet.opened": "начата регистрационная ведомость",
    "registration_sheet.loaded": "загружен файл в ведомость",
    "registration_sheet.submitted": "подана регистрационная ведомость",
    "registration_sheet.recalled": "отозвана регистрационная ведомость",
    "registration_sheet.returned": "ведомость возвращена на исправление",
    "registration_sheet.settled": "рассмотрена регистрационная ведомость",
    "registration_sheet.credentials_issued": "выданы учётные данные по ведомости",
    "sheet_row.added": "добавлена строка ведомости",
    "sheet_row.changed": "исправлена строка ведомости",
    "sheet_row.removed": "убрана строка ведомости",
    "sheet_row.recognised": "решено, тот ли это человек",
}
FIELDS = {
    "decisions": "решений",
    "gone": "убранных строк",
    "new": "новых строк",
    "changed": "изменённых строк",
    "same": "строк без изменений",
    "error": "строк с ошибками",
    "blocked": "заблокирована",
    "new_password": "прежний пароль больше не действует",
    "entries": "записи журнала",
    "sessions": "открытые сеансы",
    "factors": "второй шаг входа",
    "failures": "неудачных попыток",
    "edition": "редакция соглашения",
    "kind": "вид",
    "slips": "листков",
    "channel": "как передана",
    "consent": "согласие",
    "consent_version": "версия текста",
    "consent_by": "кто ответил",
    "consent_how": "как",
    "positions": "должности",
}
# Hidden columns made of the name give it away as well.
NAMES = frozenset({"surname", "name", "patronymic", "search", "sort_name"})

SHEET_ROW = frozenset(
    {"surname", "name", "patronymic", "name_key", "birth_date", "email", "phone", "parents", "file_number", "note"}
)


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Люди и школа"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        PERSONAL_FIELDS.register("accounts.user", NAMES | {"birth_date", "email", "phone"})
        PERSONAL_FIELDS.register(
            "accounts.orderline", NAMES - {"search", "sort_name"} | {"birth_date", "email", "phone", "parents"}
        )
        PERSONAL_FIELDS.register("accounts.storedfile", frozenset({"name"}))
        PERSONAL_FIELDS.register("accounts.sheetrow", SHEET_ROW)
        PERSONAL_FIELDS.register("accounts.accessreport", frozenset({"login", "answer"}))
        PERSONAL_FIELDS.register(
            "accounts.breach", frozenset({"title", "description", "found_by", "decision", "search"})
        )
        PERSONAL_FIELDS.register("accounts.notification", frozenset({"text"}))
        PERSONAL_FIELDS.register("accounts.consent", frozenset({"note", "withdraw_reason"}))
        PERSONAL_FIELDS.register("accounts.training", frozenset({"document_number", "note", "return_reason", "search"}))
        PERSONAL_FIELDS.register("accounts.qualificationrecord", frozenset({"document", "speciality"}))
        for action, title in TITLES.items():
            AUDIT_TITLES.register(action, title)
        for name, title in FIELDS.items():
            AUDIT_FIELDS.register(name, title)
        # Counters stand beside models, which are loaded by now: each app's `cabinet_counters.py` fills in its own.
        autodiscover_modules("cabinet_counters")
        # So do owners of files, each app's `file_owners.py`: who may read a kind is asked of the app's own rows.
        autodiscover_modules("file_owners")
        # And their long work: each app's `job_kinds.py`.
        autodiscover_modules("job_kinds")
        # And what people are told of: each app's `notification_kinds.py`.
        autodiscover_modules("notification_kinds")
        # And where sealed values stand: each app's `sealed_values.py`, for the change of keys.
        autodiscover_modules("sealed_values")
