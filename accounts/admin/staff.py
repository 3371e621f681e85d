"""The desk of the skills that the environment asks of staff (5.11); records of people are kept on portal pages."""

from django import forms
from django.contrib import admin

from accounts.actions import staff_records
from accounts.actor import Actor
from accounts.admin.base import AuditedAdmin
from accounts.models import Skill


class SkillForm(forms.ModelForm):
    class Meta:
        model = Skill
        fields = ["name", "about", "required_of_all", "required_of_positions", "order"]


@admin.register(Skill)
class SkillAdmin(AuditedAdmin):
    may_add = may_change = may_delete = True
    new = "Новый навык"
    form = SkillForm
    search_fields = ["name"]
    autocomplete_fields = ["required_of_positions"]
    list_display = ["name", "required_of_all", "asked_of", "order"]
    list_filter = ["required_of_all"]

    @admin.display(description="нужен на должностях")
    def asked_of(self, row: Skill) -> str:
        return ", ".join(position.name for position in row.required_of_positions.all())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("required_of_positions")

    def save_row(self, by: Actor, row: Skill, form: SkillForm, change: bool) -> Skill:
        return staff_records.save_skill(row, positions=form.cleaned_data["required_of_positions"], by=by)
