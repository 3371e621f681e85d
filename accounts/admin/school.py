"""The desk of the school: its card, years, classes, method groups and positions."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.actions import files, school
from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin
from accounts.admin.forms import SchoolCardForm, SchoolClassForm
from accounts.models import AcademicYear, Appointment, MethodGroup, Position, SchoolCard, SchoolClass
from accounts.models.school import parse_class_name
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused


@admin.register(SchoolCard)
class SchoolCardAdmin(AuditedAdmin):
    """The one card; its list is the card itself."""

    may_change = True
    form = SchoolCardForm
    NAMES = ["full_name", "short_name", "municipality", "address", "phone", "email", "site"]
    PORTAL = ["portal_name", "mark", "logo_file", "home_notice", "time_zone", "local_networks"]
    RULES = ["highest_grade", "parents_have_cabinets", "parent_accepts_under_14", "juniors_keep_password"]
    CREDENTIALS = ["slip_days", "link_minutes", "link_hours"]
    OPENNESS = ["responsible_are_public"]
    fieldsets = [
        ("Школа", {"fields": NAMES}),
        ("Портал", {"fields": PORTAL}),
        ("Правила школы", {"fields": RULES}),
        ("Листки и ссылки для входа", {"fields": CREDENTIALS}),
        ("Открытость", {"fields": OPENNESS}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:accounts_schoolcard_change", args=[1]))

    def save_row(self, by: Actor, row: SchoolCard, form, change: bool) -> SchoolCard:
        fields = {name: form.cleaned_data[name] for name in form.changed_data if name != "logo_file"}
        try:
            logo = files.settle(row.logo, form.cleaned_data["logo_file"], kind="logo", by=by, owner=by.person)
        except FileRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return school.change_card(by=by, **fields, logo=logo)


@admin.register(AcademicYear)
class AcademicYearAdmin(AuditedAdmin):
    may_add = may_change = may_delete = True
    new = "Новый учебный год"
    list_display = ["__str__", "starts", "ends"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        starts, ends = AcademicYear.usual_dates(today())
        return {"starts": starts, "ends": ends}

    def save_row(self, by: Actor, row: AcademicYear, form, change: bool) -> AcademicYear:
        return school.save_year(row, by=by)


@admin.register(SchoolClass)
class SchoolClassAdmin(AuditedAdmin):
    may_add = may_change = may_delete = True
    new = "Новый класс"
    form = SchoolClassForm
    search_fields = ["letter"]
    search_help_text = "Класс: 5А или только параллель"
    list_display = ["name", "year", "leader"]
    list_filter = ["year", "grade"]
    list_select_related = ["year"]
    ordering = ["-year__starts", "grade", "letter"]

    @admin.display(description="класс", ordering="grade")
    def name(self, row: SchoolClass) -> str:
        return row.name

    @admin.display(description="классный руководитель сегодня")
    def leader(self, row: SchoolClass) -> str:
        return ", ".join(str(post.person) for post in row.leaders_today)

    def get_queryset(self, request: HttpRequest):
        leaders = Appointment.objects.on(today()).select_related("person")
        return super().get_queryset(request).prefetch_related(Prefetch("leaders", leaders, to_attr="leaders_today"))

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """«5», «5А», «5-а»: the grade, and the letter if there is one."""
        if not search_term.strip():
            return queryset, False
        try:
            grade, letter = parse_class_name(search_term)
        except ValidationError:
            return queryset.none(), False
        return queryset.filter(grade=grade, **({"letter": letter} if letter else {})), False

    def get_readonly_fields(self, request: HttpRequest, obj: SchoolClass | None = None) -> list[str]:
        return ["year"] if obj else []

    def get_fields(self, request: HttpRequest, obj: SchoolClass | None = None) -> list[str]:
        return ["year", "name"]

    def save_row(self, by: Actor, row: SchoolClass, form, change: bool) -> SchoolClass:
        return school.save_class(row, by=by)


@admin.register(MethodGroup)
class MethodGroupAdmin(AuditedAdmin):
    may_add = may_change = may_delete = True
    new = "Новое ШМО"
    search_fields = ["name"]
    list_display = ["name", "head"]

    def save_row(self, by: Actor, row: MethodGroup, form, change: bool) -> MethodGroup:
        return school.save_named(row, by=by)

    @admin.display(description="руководитель сегодня")
    def head(self, row: MethodGroup) -> str:
        return ", ".join(str(post.person) for post in row.heads_today)

    def get_queryset(self, request: HttpRequest):
        heads = Appointment.objects.on(today()).filter(position__code="method_group_head").select_related("person")
        return super().get_queryset(request).prefetch_related(Prefetch("members", heads, to_attr="heads_today"))


@admin.register(Position)
class PositionAdmin(AuditedAdmin):
    """Levels of positions open elements (5.3); a code never changes, since the portal knows the position by it."""

    may_add = may_change = True
    new = "Новая должность"
    search_fields = ["name"]
    list_display = ["name", "category", "level", "code", "order"]
    list_filter = ["category", "level"]
    fields = ["name", "category", "level", "order", "code"]

    def save_row(self, by: Actor, row: Position, form, change: bool) -> Position:
        return school.save_named(row, by=by)

    def get_readonly_fields(self, request: HttpRequest, obj: Position | None = None) -> list[str]:
        return ["code"] if obj else []
