"""The desk of the agreement: editions are published here, acceptances are only seen (6.4)."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.actions import agreement
from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin
from accounts.models import Acceptance, AgreementEdition


@admin.register(AgreementEdition)
class AgreementEditionAdmin(AuditedAdmin):
    """What somebody has accepted can't be changed: another edition is published then."""

    may_add = may_change = True
    new = "Новая редакция соглашения"
    list_display = ["__str__", "title", "in_force_from", "created_at"]
    fields = ["title", "in_force_from", "text", "plain_text"]

    def has_change_permission(self, request: HttpRequest, obj: AgreementEdition | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.acceptances.exists())

    def get_readonly_fields(self, request: HttpRequest, obj: AgreementEdition | None = None) -> list[str]:
        return ["in_force_from"] if obj else []

    def save_row(self, by: Actor, row: AgreementEdition, form, change: bool) -> AgreementEdition:
        if change:
            return agreement.correct_edition(row, by=by)
        return agreement.publish_edition(**form.cleaned_data, by=by)


@admin.register(Acceptance)
class AcceptanceAdmin(AuditedAdmin):
    search_fields = ["person__search"]
    search_help_text = "Фамилия, имя, отчество или логин того, за кого принято"
    list_display = ["person", "edition", "kind", "at", "by", "address"]
    list_filter = ["edition", "kind"]
    list_select_related = ["person", "edition", "by"]
    date_hierarchy = "at"
    ordering = ["-at", "pk"]
