"""The desk of dated facts: appointments are made here (6.6); enrolments, relations and blocks are only seen."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.actions import people
from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin
from accounts.admin.filters import InForceFilter
from accounts.admin.forms import AppointmentEndForm, AppointmentForm
from accounts.models import Appointment, Block, Enrolment, Relation


@admin.register(Appointment)
class AppointmentAdmin(AuditedAdmin):
    """An appointment is made with its ground; afterwards only its last day changes: the past stays as it was."""

    may_add = may_change = True
    new = "Новое назначение"
    search_fields = ["person__search"]
    search_help_text = "Фамилия, имя, отчество или логин работника"
    list_display = ["person", "title", "place", "starts", "ends", "basis"]
    list_filter = [InForceFilter, "position"]
    list_select_related = ["person", "position", "school_class", "method_group"]
    date_hierarchy = "starts"
    ordering = ["-starts", "person__sort_name", "pk"]
    autocomplete_fields = ["person", "position", "school_class", "method_group"]
    FIELDS = ["person", "position", "school_class", "method_group", "is_acting", "starts", "ends", "basis"]

    @admin.display(description="должность", ordering="position__order")
    def title(self, row: Appointment) -> str:
        return row.title

    @admin.display(description="класс или ШМО")
    def place(self, row: Appointment) -> str:
        return str(row.school_class or row.method_group or "")

    def get_form(self, request: HttpRequest, obj=None, change=False, **kwargs):
        kwargs["form"] = AppointmentEndForm if obj else AppointmentForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Appointment | None = None) -> list[str]:
        return [*self.FIELDS, "end_basis"] if obj else self.FIELDS

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> list[str]:
        return [name for name in self.FIELDS if name != "ends"] if obj else []

    def save_row(self, by: Actor, row: Appointment, form, change: bool) -> Appointment:
        if change:
            ends, basis = form.cleaned_data["ends"], form.cleaned_data["end_basis"]
            return people.end_appointment(row, ends=ends, by=by, basis=basis)
        return people.appoint(**form.cleaned_data, by=by)


@admin.register(Enrolment)
class EnrolmentAdmin(AuditedAdmin):
    """Classes of pupils, as orders have written them (6.5)."""

    search_fields = ["pupil__search"]
    search_help_text = "Фамилия, имя, отчество или логин обучающегося"
    list_display = ["pupil", "school_class", "year", "starts", "ends", "basis"]
    list_filter = [InForceFilter, "school_class__year", "school_class__grade"]
    list_select_related = ["pupil", "school_class__year"]
    date_hierarchy = "starts"
    ordering = ["-starts", "pupil__sort_name", "pk"]

    @admin.display(description="учебный год")
    def year(self, row: Enrolment) -> str:
        return str(row.school_class.year)


@admin.register(Relation)
class RelationAdmin(AuditedAdmin):
    """Lawful representatives, as they were confirmed."""

    search_fields = ["pupil__search"]
    search_help_text = "Фамилия, имя, отчество или логин обучающегося"
    list_display = ["pupil", "kind", "parent", "starts", "ends", "basis", "confirmed_by"]
    list_filter = [InForceFilter, "kind"]
    list_select_related = ["pupil", "parent", "confirmed_by"]
    ordering = ["pupil__sort_name", "pk"]


@admin.register(Block)
class BlockAdmin(AuditedAdmin):
    """Blocks of accounts; set and lifted by acts on the list of people (12.2)."""

    search_fields = ["person__search"]
    search_help_text = "Фамилия, имя, отчество или логин"
    list_display = ["person", "since", "reason", "by", "lifted_at", "lift_reason"]
    list_filter = [("lifted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "by"]
    date_hierarchy = "since"
    ordering = ["-since", "pk"]
