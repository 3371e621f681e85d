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
    "password.changed": "задан собственный пароль",
    "password.kept": "оставлен выданный пароль",
    "password.issued": "выдан новый пароль",
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
    "school_card.changed": "изменена карточка школы",
    "academic_year.added": "открыт учебный год",
    "academic_year.changed": "изменён учебный год",
    "academic_year.deleted": "удалён учебный год",
    "school_class.added": "открыт класс",
    "school_class.changed": "изменён класс",
    "school_class.deleted": "удалён класс",
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
    "file.stored": "загружен файл",
    "file.removed": "убран ненужный файл",
    "file.infected": "отклонён файл с вирусом",
    "file.scanned": "файл проверен на вирусы",
}
FIELDS = {
    "blocked": "заблокирована",
    "sessions": "открытые сеансы",
    "factors": "второй шаг входа",
    "failures": "неудачных попыток",
    "edition": "редакция соглашения",
    "kind": "вид",
    "positions": "должности",
}
# Hidden columns made of the name give it away as well.
NAMES = frozenset({"surname", "name", "patronymic", "search", "sort_name"})


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Люди и школа"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        PERSONAL_FIELDS.register("accounts.user", NAMES | {"birth_date", "email", "phone"})
        PERSONAL_FIELDS.register("accounts.storedfile", frozenset({"name"}))
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
