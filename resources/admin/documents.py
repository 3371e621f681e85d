"""The desk of documents: what they are called, and their editions (13)."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin, ReadOnlyInline
from resources.actions import documents as actions
from resources.models import Document, Edition


class EditionInline(ReadOnlyInline):
    model = Edition
    fields = ["number", "in_force_from", "basis"]


@admin.register(Document)
class DocumentAdmin(AuditedAdmin):
    """A document is never deleted: people have read it."""

    may_add = may_change = True
    new = "Новый документ"
    search_fields = ["title"]
    search_help_text = "Слова из названия"
    list_display = ["__str__", "level", "kind", "number", "date"]
    list_filter = ["level", "kind"]
    fields = ["level", "kind", "title", "short_name", "issuer", "number", "date", "official_url"]
    inlines = [EditionInline]

    def save_row(self, by: Actor, row: Document, form, change: bool) -> Document:
        return actions.save_document(row, by=by)


@admin.register(Edition)
class EditionAdmin(AuditedAdmin):
    """What somebody has read can't be changed: another edition is published then."""

    may_add = may_change = True
    new = "Новая редакция документа"
    list_display = ["document", "number", "in_force_from", "basis"]
    list_filter = ["document__kind"]
    list_select_related = ["document"]
    autocomplete_fields = ["document"]
    fields = ["document", "in_force_from", "basis", "text"]

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.acquaintances.exists())

    def get_readonly_fields(self, request: HttpRequest, obj: Edition | None = None) -> list[str]:
        """Whose edition it is, and from which day, is settled by publishing it."""
        return ["document", "in_force_from"] if obj else []

    def save_row(self, by: Actor, row: Edition, form, change: bool) -> Edition:
        if change:
            return actions.correct_edition(row, by=by)
        return actions.publish_edition(**form.cleaned_data, by=by)
