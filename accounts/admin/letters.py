"""Letters of the outbox at the desk, for reading only: has something not left, and why."""

from django.contrib import admin

from accounts.admin.base import AuditedAdmin
from accounts.models import OutgoingLetter


@admin.register(OutgoingLetter)
class OutgoingLetterAdmin(AuditedAdmin):
    list_display = ["created_at", "person", "subject", "state", "attempts", "finished_at", "trouble"]
    list_filter = ["state", "kind"]
    list_select_related = ["person"]
    search_fields = ["person__search"]
    search_help_text = "Кому: имя или логин"
    ordering = ["-pk"]
    fields = ["person", "kind", "subject", "body", "state", "attempts", "created_at", "next_attempt_at", "finished_at",
              "trouble"]  # fmt: skip
