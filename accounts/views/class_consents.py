"""Consents of a class: who has given which, papers handed in, the blank to sign, the list as XLSX."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consents, exports, parents
from accounts.actions import consents as actions
from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.forms.consents import ClassConsentsForm, PaperPickForm, PapersForm, PaperWithdrawForm, short
from accounts.models import Consent, ConsentKind, ConsentText, SchoolClass, User
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused

Audience = ConsentText.Audience


@requires("class-pages")
@require_safe
def class_consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Each pupil of the class: all kinds at a glance, or one kind with how and when."""
    school_class = _own_class(request, pk)
    texts = consents.texts_for(Audience.PUPIL, today())
    form = ClassConsentsForm(request.GET, kinds=[ConsentKind(text.kind) for text in texts])
    filters = form.values()
    shown = [text for text in texts if filters["kind"] in ("", text.kind)]
    rows = consents.rows_of(consents.pupils_of(school_class, today()), [text.kind for text in shown], today())
    chosen = [row for row in rows if _is_chosen(row, filters["state"])]
    context = {
        "school_class": school_class,
        "form": form,
        "filters": filters,
        "texts": [(text, short(text.kind), _given_of(rows, number)) for number, text in enumerate(shown)],
        "text": shown[0] if filters["kind"] else None,
        "total": len(rows),
        "rows": chosen,
        "can_record": bool(filters["kind"]) and any(row.states[0].missing for row in chosen),
    }
    return render(request, "accounts/class_consents.html", context)


def _is_chosen(row: consents.Row, state: str) -> bool:
    return not state or all(one.is_given for one in row.states) == (state == "given")


def _given_of(rows: list[consents.Row], number: int) -> int:
    return sum(row.states[number].is_given for row in rows)


def _own_class(request: HttpRequest, pk: int) -> SchoolClass:
    return get_object_or_404(classes_of(request.user, today()), pk=pk)


@requires("class-pages")
@require_safe
def class_consents_export(request: HttpRequest, pk: int) -> HttpResponse:
    """All kinds of consents of the class as XLSX."""
    school_class = _own_class(request, pk)
    kinds = [ConsentKind(text.kind) for text in consents.texts_for(Audience.PUPIL, today())]
    rows = consents.rows_of(consents.pupils_of(school_class, today()), kinds, today())
    content = exports.consent_list(f"Согласия, {school_class}", kinds, rows, request.school)
    name = content_disposition_header(True, f"Согласия {school_class.grade}{school_class.letter}.xlsx")
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})


@requires("class-pages")
@require_safe
def class_consents_blank(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The text to print and sign: one without a name, or one for each pupil whose consent is not given."""
    school_class = _own_class(request, pk)
    text = _text_or_404(kind)
    rows = consents.rows_of(consents.pupils_of(school_class, today()), [kind], today())
    waiting = [row.person for row in rows if not row.states[0].is_given]
    is_named = "named" in request.GET
    context = {
        "school_class": school_class,
        "text": text,
        "waiting": len(waiting),
        "is_named": is_named,
        "people": waiting if is_named else [None],
    }
    return render(request, "accounts/class_consents_blank.html", context)


def _text_or_404(kind: str) -> ConsentText:
    found = next((text for text in consents.texts_for(Audience.PUPIL, today()) if text.kind == kind), None)
    if found is None:
        raise Http404
    return found


@requires("class-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def class_consents_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Papers handed in: for each ticked pupil whose signatures stand there, and the day; recorded together."""
    school_class = _own_class(request, pk)
    kinds = [ConsentKind(text.kind) for text in consents.texts_for(Audience.PUPIL, today())]
    picked = PaperPickForm(
        request.POST if request.method == "POST" else request.GET,
        kinds=kinds,
        pupils=consents.pupils_of(school_class, today()),
    )
    if not picked.is_valid():
        messages.warning(request, picked.refusal)
        return redirect("accounts:class_consents", pk)
    text = _text_or_404(picked.cleaned_data["kind"])
    form = _papers_form(request, picked.people(), text)
    if request.method == "POST" and form.is_valid() and _record(request, text, form):
        return redirect(_back(pk, text.kind))
    context = {
        "school_class": school_class,
        "text": text,
        "picked": picked,
        "form": form,
        "back_url": _back(pk, text.kind),
    }
    return render(request, "accounts/class_consents_paper.html", context)


def _papers_form(request: HttpRequest, people: list[User], text: ConsentText) -> PapersForm:
    rows = consents.rows_of(people, [text.kind], today())
    relations = parents.in_force_by_pupil(people, today())
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    return PapersForm(*data, rows=rows, relations=relations)


def _record(request: HttpRequest, text: ConsentText, form: PapersForm) -> bool:
    values = {name: form.cleaned_data.get(name) for name in ("signed_on", "note", "scan")}
    try:
        count = actions.record_papers(text, form.papers(), by=Actor.of(request), **values)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    except FileRefused as refusal:
        form.add_error("scan", str(refusal))
        return False
    words = russian.plural(count, "подпись", "подписи", "подписей")
    messages.success(request, f"На бумаге внесено: {count} {words}.")
    return True


def _back(pk: int, kind: str) -> str:
    return f"{reverse('accounts:class_consents', args=[pk])}?kind={kind}"


@requires("class-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def class_consent_withdraw(request: HttpRequest, pk: int, consent: int) -> HttpResponse:
    """A signed withdrawal handed in: recorded by staff with the paper named, and working at once."""
    school_class = _own_class(request, pk)
    row = _standing_or_404(school_class, consent)
    form = PaperWithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        actions.withdraw_on_paper(row.subject, row.text.kind, row.capacity, note=note, by=Actor.of(request))
        messages.success(request, f"Отзыв внесён: {row.subject}.")
        return redirect(_back(pk, row.text.kind))
    context = {
        "school_class": school_class,
        "title": "Внести отзыв на бумаге",
        "question": f"{row.text.title}. {row.subject}; согласие дал(а): {row.get_capacity_display()}.",
        "effects": [
            "Согласие перестанет действовать сразу, сегодняшним числом.",
            "Будет записано, что заявление приняли вы. Запись о согласии останется в истории.",
        ],
        "button": "Внести отзыв",
        "danger": True,
        "form": form,
        "back_url": _back(pk, row.text.kind),
    }
    return render(request, "accounts/class_consent_withdraw.html", context)


def _standing_or_404(school_class: SchoolClass, key: int) -> Consent:
    """A consent that stands, about a pupil of the class."""
    pupils = consents.pupils_of(school_class, today())
    rows = Consent.objects.standing().filter(subject__in=pupils.order_by().values("pk"), is_refusal=False)
    return get_object_or_404(rows.select_related("subject", "text"), pk=key)
