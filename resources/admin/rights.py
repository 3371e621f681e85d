"""The desk of rights over elements: who administers which (5.4), and on what conditions they open (3.2, 5.11)."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin, ReadOnlyInline
from resources.actions import elements, privileges
from resources.models import Condition, ElementAdministrator


class _GroundedForm(forms.ModelForm):
    basis = forms.CharField(
        label="Основание", max_length=300, required=False, widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Приказ или решение.",
    )  # fmt: skip


class _AdministratorForm(_GroundedForm):
    class Meta:
        # guardian's field has no Russian name
        labels = {"user": "Работник"}


@admin.register(ElementAdministrator)
class ElementAdministratorAdmin(AuditedAdmin):
    """Named and removed by the system administrator; the rows are guardian's, the verbs ours."""

    may_add = may_delete = True
    new = "Новый администратор элемента"
    form = _AdministratorForm
    fields = ["user", "content_object", "basis"]
    autocomplete_fields = ["user", "content_object"]
    list_display = ["who", "content_object"]
    list_select_related = ["user", "content_object"]
    search_fields = ["user__search"]
    search_help_text = "Имя администратора"
    ordering = ["content_object__name", "user__sort_name"]

    @admin.display(description="работник", ordering="user__sort_name")
    def who(self, row: ElementAdministrator) -> str:
        return str(row.user)

    def save_row(self, by: Actor, row: ElementAdministrator, form, change: bool) -> ElementAdministrator:
        privileges.name_administrator(row.content_object, row.user, by=by, basis=form.cleaned_data["basis"])
        return ElementAdministrator.objects.get(user=row.user, content_object=row.content_object)

    def delete_model(self, request: HttpRequest, obj: ElementAdministrator) -> None:
        privileges.remove_administrator(obj.content_object, obj.user, by=Actor.of(request))


@admin.register(Condition)
class ConditionAdmin(AuditedAdmin):
    """Set and removed; a condition that has locked an element's administrators out is taken away here."""

    may_add = may_delete = True
    new = "Новое условие доступа"
    form = _GroundedForm
    fields = ["element", "kind", "document", "basis"]
    autocomplete_fields = ["element"]
    list_display = ["element", "kind", "document"]
    list_select_related = ["element", "document"]
    list_filter = ["kind"]
    search_fields = ["element__search"]
    search_help_text = "Название элемента"
    ordering = ["element__name", "kind"]

    def save_row(self, by: Actor, row: Condition, form, change: bool) -> Condition:
        return elements.add_condition(row, by=by, basis=form.cleaned_data["basis"])

    def delete_model(self, request: HttpRequest, obj: Condition) -> None:
        elements.remove_condition(obj, by=Actor.of(request))


class AdministratorInline(ReadOnlyInline):
    model = ElementAdministrator
    fields = ["user"]
    verbose_name_plural = "Администраторы (назначаются в «Администраторах элементов»)"


class ConditionInline(ReadOnlyInline):
    model = Condition
    fields = ["kind", "document"]
    verbose_name_plural = "Условия (устанавливаются в «Условиях доступа»)"
