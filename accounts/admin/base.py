"""What every desk has in common: changes go through actions into the one trail, searches know Cyrillic."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from accounts import history
from accounts.actions import dictionaries
from accounts.actor import Actor
from accounts.models import AuditEntry
from eios.lib import search

HISTORY_PAGE = 50


class AuditedAdmin(admin.ModelAdmin):
    """A desk over one model, closed until a subclass opens it; Django's own log is off, since there is one trail.

    `may_add`, `may_change` and `may_delete` say what may be done here at all; `save_row` names the action that does it.
    """

    is_audited = True
    # What the button and the page of a new row are called: «Новый класс».
    new = ""
    # Where on the portal the rows are written: the name of the address, and what its link says.
    portal_page = portal_title = ""
    may_add = may_change = may_delete = False
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    empty_value_display = "—"
    actions_on_bottom = False

    # What may be done

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.may_change and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.may_delete and super().has_delete_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.has_module_permission(request)

    # Doing it

    def save_row(self, by: Actor, row: models.Model, form: forms.ModelForm, change: bool) -> models.Model:
        """Carries out the form through an action and returns the saved row. A ValidationError is shown in the form."""
        return dictionaries.save_row(row, by=by)

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool) -> None:
        obj.pk = self.save_row(Actor.of(request), obj, form, change).pk

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        """Inlines here are for reading: everything else about the row is its own action."""

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        dictionaries.delete_row(obj, by=Actor.of(request))

    def delete_queryset(self, request: HttpRequest, queryset) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """What an action refuses is rolled back; the form comes again, with the reason and all that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj=None, change=False, **kwargs) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return form if refusal is None else type("RefusedForm", (_Refused, form), {"refusal": refusal})

    # The trail

    def construct_change_message(self, request, form, formsets, add=False) -> str:
        """Nobody reads it: the trail has the changes themselves."""
        return ""

    def log_addition(self, request, obj, message):
        """The action has written the trail."""

    log_change = log_addition

    def log_deletions(self, request, queryset):
        """The action has written the trail."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """Who did what to the object, when and on what ground."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        entries = AuditEntry.objects.of(obj).select_related("actor")
        page = Paginator(entries, HISTORY_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"История: {obj}",
            "opts": self.opts,
            "object": obj,
            "page": page,
            "history": history.lines(page),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/trail.html", context)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """A filter or page that there is not leads to the whole list; Django would speak of a broken database."""
        if ERROR_FLAG in request.GET:
            self.message_user(request, "Такого фильтра или страницы нет: показан весь список.", messages.WARNING)
            return HttpResponseRedirect(request.path)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    # Titles: Django's own put names of models into sentences where they do not agree

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": self.new, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            kind, name = capfirst(self.opts.verbose_name), str(obj)
            context |= {"title": name if name.startswith(kind) else f"{kind}: {name}", "subtitle": None}
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Lists answer to the filters that they offer, and to nothing else in the address

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Django would let any field be asked in any way, and some ways end in an error."""
        offered = [_parameter(item) for item in self.list_filter]
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        is_of_dates = self.date_hierarchy is not None and lookup.startswith(f"{self.date_hierarchy}__")
        is_field = lookup.split("__")[0] in {field.name for field in self.opts.get_fields()}
        return (is_offered or is_of_dates or not is_field) and super().lookup_allowed(lookup, value, request)

    # Searching: Cyrillic in any case, ё as е, on either database

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """`search_fields` names one column: one that eios.lib.search fills, or a text of a small dictionary."""
        if not self.search_fields:
            return queryset, False
        column = self.search_fields[0]
        if column.endswith("search"):
            return queryset.filter(search.matching(search_term, column)), False
        return queryset.filter(pk__in=self._named_like(search_term, column)), False

    def _named_like(self, search_term: str, column: str) -> list:
        """Keys of rows whose text has every word of the query at the beginning of a word; there are tens of rows."""
        wanted = [search.stem(word) for word in search.words(search_term)]
        rows = self.model._default_manager.values_list("pk", column)
        return [pk for pk, text in rows if all(f" {word}" in search.index(text) for word in wanted)]


def _parameter(item) -> str:
    """What an item of `list_filter` is called in the address."""
    if isinstance(item, str):
        return item
    return item[0] if isinstance(item, tuple) else item.parameter_name


class _Refused:
    """Mixed into a form that an action has refused after it was found valid."""

    refusal: ValidationError

    def clean(self):
        super().clean()
        raise ValidationError(self.refusal.messages)


class ReadOnlyFormSet(forms.BaseInlineFormSet):
    """Shown and never listened to, whatever a request says about its rows."""

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(None, None, **kwargs)

    def is_valid(self) -> bool:
        return True


class ReadOnlyInline(admin.TabularInline):
    """Rows about the object, for reading; each leads to its own page."""

    formset = ReadOnlyFormSet
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return True
