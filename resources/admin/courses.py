"""The list of outside players that pages of courses may embed (the administrator keeps it)."""

from django.contrib import admin

from accounts.admin.base import AuditedAdmin
from resources.models import EmbeddedPlayer


@admin.register(EmbeddedPlayer)
class EmbeddedPlayerAdmin(AuditedAdmin):
    """Switched off rather than deleted: pages of courses name it."""

    new = "Новый внешний проигрыватель"
    may_add = may_change = True
    list_display = ["name", "prefix", "is_active"]
    search_fields = ["name", "prefix"]
    search_help_text = "Название или начало адреса"
    fields = ["name", "prefix", "is_active"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """An address typed without its scheme is one of https."""
        scheme = {"assume_scheme": "https"} if db_field.name == "prefix" else {}
        return super().formfield_for_dbfield(db_field, request, **kwargs, **scheme)
