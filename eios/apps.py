from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    name = "eios"
    verbose_name = "Портал"


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django admin with the portal's own site: header, door, sign-in."""

    default = False
    default_site = "eios.admin_site.PortalAdminSite"
    verbose_name = "Администрирование"
