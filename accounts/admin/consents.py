"""The desk of consents: versions of the texts are published here, answers are only seen."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.actions import consents
from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin
from accounts.models import Consent, ConsentText


@admin.register(ConsentText)
class ConsentTextAdmin(AuditedAdmin):
    """What somebody has answered can't be changed, only the reminder; another version is published then."""

    may_add = may_change = True
    new = "Новая версия текста согласия"
    list_display = ["title", "kind", "audience", "number", "in_force_from", "is_asked"]
    list_filter = ["kind", "audience"]
    fields = ["kind", "audience", "title", "in_force_from", "is_asked", "text"]

    def get_readonly_fields(self, request: HttpRequest, obj: ConsentText | None = None) -> list[str]:
        if obj is None:
            return []
        fixed = ["kind", "audience", "in_force_from"]
        return [*fixed, "title", "text"] if obj.answers.exists() else fixed

    def save_row(self, by: Actor, row: ConsentText, form, change: bool) -> ConsentText:
        if change:
            return consents.change_text(row, by=by)
        return consents.publish_text(**form.cleaned_data, by=by)


@admin.register(Consent)
class ConsentAdmin(AuditedAdmin):
    search_fields = ["subject__search"]
    search_help_text = "Фамилия, имя, отчество или логин того, чьи данные"
    list_display = ["subject", "text", "capacity", "is_refusal", "given_at", "how", "given_by", "withdrawn_at"]
    list_filter = ["text__kind", "capacity", "how", "is_refusal", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["subject", "text", "given_by"]
    date_hierarchy = "given_at"
    ordering = ["-given_at", "pk"]
