"""The desk of dated facts, for reading: orders write enrolments and appointments (6.5, 6.6), acts write blocks."""

from django.contrib import admin
from django.utils.html import format_html

from accounts.admin.base import AuditedAdmin
from accounts.admin.filters import InForceFilter
from accounts.models import Appointment, Block, Enrolment, Relation


class FactAdmin(AuditedAdmin):
    """What an order has begun, and another may have ended."""

    portal_page, portal_title = "accounts:order_new", "Оформить приказом"

    @admin.display(description="основание")
    def ground(self, row: Appointment | Enrolment) -> str:
        return _link(row.order) if row.order else row.basis

    @admin.display(description="прекращено приказом")
    def end(self, row: Appointment | Enrolment) -> str:
        return _link(row.ended_by) if row.ended_by else ""


def _link(order) -> str:
    return format_html('<a href="{}">{}</a>', order.get_absolute_url(), order.reference)


@admin.register(Appointment)
class AppointmentAdmin(FactAdmin):
    """Positions and duties: given, changed and taken by orders; new employees are hired on the desk of people (6.6)."""

    search_fields = ["person__search"]
    search_help_text = "Фамилия, имя, отчество или логин работника"
    list_display = ["person", "title", "place", "starts", "ends", "ground"]
    list_filter = [InForceFilter, "position"]
    list_select_related = ["person", "position", "school_class", "method_group", "order"]
    date_hierarchy = "starts"
    ordering = ["-starts", "person__sort_name", "pk"]
    fields = [
        "person", "position", "school_class", "method_group", "is_acting", "starts", "ends", "ground", "end"
    ]  # fmt: skip
    readonly_fields = ["ground", "end"]

    @admin.display(description="должность", ordering="position__order")
    def title(self, row: Appointment) -> str:
        return row.title

    @admin.display(description="класс или ШМО")
    def place(self, row: Appointment) -> str:
        return str(row.school_class or row.method_group or "")


@admin.register(Enrolment)
class EnrolmentAdmin(FactAdmin):
    """Classes of pupils, as orders have written them (6.5)."""

    search_fields = ["pupil__search"]
    search_help_text = "Фамилия, имя, отчество или логин обучающегося"
    list_display = ["pupil", "school_class", "year", "starts", "ends", "ground"]
    list_filter = [InForceFilter, "school_class__year", "school_class__grade"]
    list_select_related = ["pupil", "school_class__year", "order"]
    date_hierarchy = "starts"
    ordering = ["-starts", "pupil__sort_name", "pk"]
    fields = ["pupil", "school_class", "starts", "ends", "ground", "end"]
    readonly_fields = ["ground", "end"]

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
