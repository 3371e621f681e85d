from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES

TITLES = {
    "backup.made": "сделана резервная копия",
    "backup.restored": "портал восстановлен из резервной копии",
    "demo.built": "построена демонстрационная школа",
}

FIELDS = {
    "options": "параметры",
    "version": "версия портала",
    "rows": "строк в базе",
    "files": "файлов",
    "created": "время копии",
    "pupils": "обучающихся",
    "teachers": "учителей",
    "years": "учебных лет",
    "seed": "зерно",
    "fresh": "как в первый день",
}


class PortalConfig(AppConfig):
    name = "eios"
    verbose_name = "Портал"

    def ready(self) -> None:
        for action, title in TITLES.items():
            AUDIT_TITLES.register(action, title)
        for name, title in FIELDS.items():
            AUDIT_FIELDS.register(name, title)


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django admin with the portal's own site: header, door, sign-in."""

    default = False
    default_site = "eios.admin_site.PortalAdminSite"
    verbose_name = "Администрирование"
