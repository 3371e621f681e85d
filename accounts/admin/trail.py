"""The audit trail at the desk: for reading only."""

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html_join

from accounts import history
from accounts.admin.base import AuditedAdmin
from accounts.hints import AUDIT_TITLES
from accounts.models import AuditEntry
from eios.lib import search


class ActionFilter(admin.SimpleListFilter):
    title = "что сделано"
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return sorted(AUDIT_TITLES.items(), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() in AUDIT_TITLES else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(AuditedAdmin):
    search_fields = ["actor__search"]
    search_help_text = "Кто сделал (имя или логин), или от чьего имени"
    list_display = ["at", "who", "title", "object_type", "object_id", "basis", "address"]
    list_display_links = ["at", "title"]
    list_filter = [ActionFilter]
    list_select_related = ["actor"]
    date_hierarchy = "at"
    ordering = ["-pk"]
    fields = ["at", "who", "address", "title", "object_type", "object_id", "basis", "values"]
    readonly_fields = ["who", "title", "values"]

    @admin.display(description="кто")
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor) if entry.actor else entry.actor_label

    @admin.display(description="что сделано", ordering="action")
    def title(self, entry: AuditEntry) -> str:
        return dict(AUDIT_TITLES.items()).get(entry.action, entry.action)

    @admin.display(description="было → стало")
    def values(self, entry: AuditEntry) -> str:
        changes = history.lines([entry])[0].changes
        words = [(each.field, "изменено" if each.is_hidden else f"{each.before} → {each.after}") for each in changes]
        return format_html_join("", "<p>{}: {}</p>", words)

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        if not search_term.strip():
            return queryset, False
        by_name = search.matching(search_term, "actor__search")
        return queryset.filter(by_name | Q(actor_label=search_term.strip())), False
