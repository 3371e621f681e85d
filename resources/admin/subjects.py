"""The desk of subjects: their names, short ones, and what other systems call them."""

from django.contrib import admin

from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin
from resources.actions.subjects import save_subject
from resources.models import Subject, SubjectArea


class DictionaryAdmin(AuditedAdmin):
    """Never deleted: curricula of past years name them."""

    may_add = may_change = True

    def save_row(self, by: Actor, row: Subject | SubjectArea, form, change: bool) -> Subject | SubjectArea:
        return save_subject(row, by=by)


@admin.register(SubjectArea)
class SubjectAreaAdmin(DictionaryAdmin):
    new = "Новая предметная область"
    list_display = ["name", "order"]
    search_fields = ["name"]
    search_help_text = "Слова из названия"
    fields = ["name", "order"]


@admin.register(Subject)
class SubjectAdmin(DictionaryAdmin):
    new = "Новый учебный предмет"
    list_display = ["name", "short_name", "area", "order"]
    list_filter = ["area"]
    list_select_related = ["area"]
    search_fields = ["name", "short_name", "aliases"]
    search_help_text = "Название, полное или краткое, или другое название"
    fields = ["name", "short_name", "area", "order", "aliases"]
