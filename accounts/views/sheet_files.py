"""A file for a registration sheet: taken, previewed, confirmed. Shared by the pages of a class and of the school."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from accounts import exports
from accounts.actions import registration as actions
from accounts.actor import Actor
from accounts.forms.registration import ConfirmForm, TableForm
from accounts.importing.plan import plan_of
from accounts.importing.template import NAMES, template
from accounts.models import RegistrationSheet, SchoolClass
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused
from eios.lib.russian import plural
from eios.lib.tables import TableError

PAGE = 100


@dataclass(frozen=True)
class Place:
    """Whose sheet it is, and the addresses of its pages."""

    kind: str
    school_class: SchoolClass | None
    load_url: str
    confirm_url: str
    template_url: str

    @property
    def title(self) -> str:
        return f"{self.school_class.name}: ведомость из файла" if self.school_class else f"{NAMES[self.kind]} из файла"


def load_page(request: HttpRequest, place: Place, sheet: RegistrationSheet | None, **context) -> HttpResponse:
    """POST keeps the file beside the sheet; GET shows what it would change. Nothing is saved until confirmed."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = TableForm(*given, kind=place.kind, school_class=place.school_class)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_file(
                form.cleaned_data["file"], kind=place.kind, school_class=place.school_class, by=Actor.of(request)
            )
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect(place.load_url)
    context |= {"place": place, "form": form, "sheet": sheet, **_preview(request, sheet)}
    return render(request, "accounts/sheet_load.html", context)


def _preview(request: HttpRequest, sheet: RegistrationSheet | None) -> dict:
    if sheet is None or sheet.source is None or not sheet.is_draft:
        return {}
    try:
        plan = plan_of(sheet, asker=request.user, date=today())
    except TableError as error:
        return {"problem": str(error)}
    page = Paginator(plan.ordered, PAGE).get_page(request.GET.get("page"))
    return {"plan": plan, "page": page, "confirm": ConfirmForm(initial={"seen": plan.mark})}


def confirm(request: HttpRequest, place: Place, sheet: RegistrationSheet, done_url: str) -> HttpResponse:
    """Carries out the plan that was seen, and tells how much it changed."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return redirect(place.load_url)
    try:
        plan = actions.confirm_file(sheet, form.cleaned_data["seen"], by=Actor.of(request))
    except (ValidationError, TableError) as refusal:
        messages.warning(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect(place.load_url)
    words = [f"{outcome.value}: {count}" for outcome, count in plan.counts if count]
    messages.success(request, f"Файл загружен. Строк: {len(plan.items)} ({', '.join(words)}).")
    return redirect(done_url)


def template_file(kind: str, *, with_class: bool) -> HttpResponse:
    """The template as XLSX."""
    name = content_disposition_header(True, f"{NAMES[kind]}.xlsx")
    content = template(kind, with_class=with_class)
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})


def done_words(sheet: RegistrationSheet, order) -> str:
    """What taking a sheet has led to."""
    words = []
    if order:
        count = order.lines.count()
        words.append(f"Составлен черновик приказа: {count} {plural(count, 'пункт', 'пункта', 'пунктов')}.")
    if sheet.credentials == RegistrationSheet.Credentials.WAITING:
        words.append("Для тех, кто уже в классе, запрошены учётные данные.")
    return " ".join(words)
