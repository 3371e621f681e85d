from django.apps import AppConfig

from accounts.hints import AUDIT_TITLES


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Реестр и материалы"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        AUDIT_TITLES.register("element.added", "добавлен элемент ЭИОС")
        AUDIT_TITLES.register("element.changed", "изменён элемент ЭИОС")
        AUDIT_TITLES.register("element.opened", "открыт закрытый раздел")
        AUDIT_TITLES.register("training_element.added", "обучение отнесено к элементу")
        AUDIT_TITLES.register("training_element.deleted", "обучение больше не относится к элементу")
        AUDIT_TITLES.register("level.changed", "изменено название уровня доступа")
