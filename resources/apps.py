from django.apps import AppConfig

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES, PERSONAL_FIELDS

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
    "level.changed": "изменено название уровня доступа",
    # Requests and suggestions
    "access_request.asked": "подана заявка на доступ",
    "access_request.confirmed": "подтверждена заявка на доступ",
    "access_request.declined": "отклонена заявка на доступ",
    "access_request.withdrawn": "отозвана заявка на доступ",
    "access_request.revoked": "прекращён доступ по заявке",
    "suggestion.made": "подано предложение",
    "suggestion.accepted": "принято предложение",
    "suggestion.declined": "отклонено предложение",
}
FIELDS = {"governed_by": "акты", "administrator": "администратор"}


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Реестр и материалы"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for action, title in TITLES.items():
            AUDIT_TITLES.register(action, title)
        for name, title in FIELDS.items():
            AUDIT_FIELDS.register(name, title)
        # Requests and suggestions: people write there whatever they like
        PERSONAL_FIELDS.register("resources.accessrequest", frozenset({"note", "answer"}))
        PERSONAL_FIELDS.register("resources.suggestion", frozenset({"title", "address", "text", "answer"}))
