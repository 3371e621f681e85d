from django.apps import AppConfig

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES

TITLES = {
    "element.added": "добавлен элемент ЭИОС",
    "element.changed": "изменён элемент ЭИОС",
    "element.opened": "открыт закрытый раздел",
    "element.governed": "названы акты, которые регулируют доступ",
    "element.administrator_named": "назначен администратор элемента",
    "element.administrator_removed": "снят администратор элемента",
    "condition.added": "установлено условие доступа",
    "condition.deleted": "снято условие доступа",
    "privilege.granted": "дана привилегия",
    "privilege.revoked": "отозвана привилегия",
    "external_credential.issued": "выданы учётные данные платформы",
    "external_credential.ended": "прекращены учётные данные платформы",
    "training_element.added": "обучение отнесено к элементу",
    "training_element.deleted": "обучение больше не относится к элементу",
    # Libraries and their pools
    "pool.made": "создана партия обезличенных учётных записей",
    "pool.columns_changed": "изменены столбцы файлов партии",
    "pool.exported": "составлен файл партии для библиотеки",
    "pool.answered": "загружен ответ библиотеки",
    "pool.answer_read": "взят файл ответа библиотеки",
    "pool_account.moved": "изменено состояние обезличенной учётной записи",
    "external_credential.renewed": "изменены библиотекой учётные данные",
    "level.changed": "изменено название уровня доступа",
}
FIELDS = {
    "governed_by": "акты",
    "administrator": "администратор",
    # Libraries and their pools
    "accounts": "учётных записей",
    "format": "вид файла",
    "answer_accepted": "принято",
    "answer_changed": "принято с изменениями",
    "answer_refused": "отклонено",
    "answer_held": "отклонено, но выдано",
    "answer_unknown": "нет в партии",
    "answer_repeated": "повторов строк",
    "answer_silent": "без ответа",
    "answer_same": "без изменений",
}


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Реестр и материалы"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for action, title in TITLES.items():
            AUDIT_TITLES.register(action, title)
        for name, title in FIELDS.items():
            AUDIT_FIELDS.register(name, title)
