"""The desk of the registry: elements with their closure, and names of the levels (5.2)."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin
from resources.actions import elements as actions
from resources.admin.rights import AdministratorInline, ConditionInline
from resources.models import LEVELS, Element, Level


class DoubtFilter(admin.SimpleListFilter):
    title = "сомнение"
    parameter_name = "doubtful"

    def lookups(self, request, model_admin):
        return [("yes", "есть"), ("no", "нет")]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.exclude(doubtful="")
        return queryset.filter(doubtful="") if self.value() == "no" else queryset


class ElementForm(forms.ModelForm):
    """An element; what it is part of and its closure are checked by the action."""

    basis = forms.CharField(
        label="Основание", max_length=300, required=False, widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Приказ, решение или документ о политике безопасности.",
    )  # fmt: skip

    class Meta:
        model = Element
        fields = [
            "slug", "parent", "number", "name", "kind", "component", "address", "outside_access", "own_closure",
            "closure_ground", "purpose", "how_to_get_in", "procedure_url", "contact", "icon", "doubtful", "is_listed",
            "order", "library_way", "keeping",
        ]  # fmt: skip


@admin.register(Element)
class ElementAdmin(AuditedAdmin):
    """Elements are never deleted: what went out of use is taken off the open registry."""

    may_add = may_change = True
    new = "Новый элемент"
    form = ElementForm
    search_fields = ["search"]
    search_help_text = "Название, назначение или адрес"
    list_display = ["row_number", "name", "host", "outside_access", "level", "doubt"]
    list_display_links = ["name"]
    list_filter = [DoubtFilter, "kind", "component", "outside_access", "closure", "is_listed"]
    list_select_related = ["parent"]
    ordering = ["-kind", "order", "number", "name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["closure", "updated_at"]
    inlines = [AdministratorInline, ConditionInline]
    CARD = ["name", "purpose", "address", "outside_access", "how_to_get_in", "procedure_url", "contact"]
    PLACE = ["number", "slug", "kind", "component", "parent", "icon", "order", "is_listed"]
    fieldsets = [
        ("Карточка", {"fields": CARD}),
        ("Место в реестре", {"fields": PLACE}),
        ("Доступ", {"fields": ["own_closure", "closure_ground", "closure", "library_way", "keeping"]}),
        ("Для администратора", {"fields": ["doubtful", "basis", "updated_at"]}),
    ]

    @admin.display(description="№", ordering="number")
    def row_number(self, row: Element) -> int | None:
        return row.number

    @admin.display(description="адрес", ordering="address")
    def host(self, row: Element) -> str:
        return row.host

    @admin.display(description="уровень", ordering="closure")
    def level(self, row: Element) -> str:
        return f"{row.closure} — {row.level_name or LEVELS[row.closure]}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Element]:
        """With what the school calls the level of each."""
        name = Level.objects.filter(number=OuterRef("closure")).values("name")
        return super().get_queryset(request).annotate(level_name=Subquery(name))

    @admin.display(description="сомнение", ordering="doubtful")
    def doubt(self, row: Element) -> str:
        return f"⚠ {row.doubtful}" if row.doubtful else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Element | None = None) -> list[str]:
        """A section is known to the portal by its slug; neither it nor what makes it a section changes here."""
        return [*self.readonly_fields, "slug", "kind"] if obj and obj.is_built_in else self.readonly_fields

    def save_row(self, by: Actor, row: Element, form: ElementForm, change: bool) -> Element:
        try:
            return actions.save_element(row, by=by, basis=form.cleaned_data["basis"])
        except actions.CyclicParts as cycle:
            raise ValidationError(str(cycle)) from cycle


@admin.register(Level)
class LevelAdmin(AuditedAdmin):
    """Six levels, as the Regulation and the portal know them; a school may call them otherwise."""

    may_change = True
    list_display = ["number", "name", "about"]
    list_display_links = ["number", "name"]
    readonly_fields = ["number"]
    fields = ["number", "name", "about"]

    def save_row(self, by: Actor, row: Level, form, change: bool) -> Level:
        return actions.rename_level(row, by=by)
