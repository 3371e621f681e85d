"""Complexes at the desk of those who fill them: begun, filled topic by topic, opened, carried on to the next year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_done
from eios.lib import russian
from eios.lib.access import requires
from resources.actions.courses import complexes as actions
from resources.asker import Asker, asker_of
from resources.courses import complexes, rights
from resources.courses.matching import match
from resources.forms.courses.complexes import AddForm, BeginForm, ComplexForm, FindForm, MarkForm, ToProgrammeForm
from resources.models import Programme, StudyComplex, Topic
from resources.views.courses.shared import FORM_METHODS

PAGE = 50


@requires("course-desk")
@require_safe
def complex_desk(request: HttpRequest) -> HttpResponse:
    """Complexes that the visitor fills, the last changed first."""
    asker = _author(request)
    context = {
        "page": Paginator(complexes.counted(complexes.at_desk_of(asker)), PAGE).get_page(request.GET.get("page")),
        "has_programmes": complexes.to_begin(asker).exists(),
    }
    return render(request, "resources/complex_desk.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_add(request: HttpRequest) -> HttpResponse:
    """A complex of an approved programme."""
    found = complexes.to_begin(_author(request))
    form = BeginForm(_data(request), queryset=found, initial={"programme": request.GET.get("programme")})
    if _is_done(request, form, lambda by: actions.begin(form.instance, by=by)):
        messages.success(request, "Комплекс начат: пока его видите только вы. Добавьте к темам, по чему учиться.")
        return redirect("resources:complex_fill", form.instance.pk)
    return render(request, "resources/complex_add.html", {"form": form, "has_programmes": found.exists()})


@requires("course-desk")
@require_safe
def complex_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """All topics with what was put in; from here to each of them."""
    study_complex = _at_desk(request, pk)
    asker = asker_of(request)
    context = {
        "complex": study_complex,
        "contents": complexes.desk_contents(study_complex, asker),
        "can_carry": complexes.to_carry_to(study_complex, asker).exists(),
    }
    return render(request, "resources/complex_fill.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_change(request: HttpRequest, pk: int) -> HttpResponse:
    """The words about the complex."""
    _at_desk(request, pk)
    form = ComplexForm(_data(request), instance=StudyComplex.objects.get(pk=pk))
    if _is_done(
        request, form, lambda by: actions.save_complex(form.instance, seen=form.cleaned_data["seen"], by=by)
    ):  # fmt: skip
        messages.success(request, "Сохранено.")
        return redirect("resources:complex_fill", pk)
    return render(request, "resources/complex_change.html", {"complex": form.instance, "form": form})


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_topic(request: HttpRequest, pk: int, topic: int) -> HttpResponse:
    """One topic: what stands there, what may be added; then to the next."""
    study_complex = _at_desk(request, pk)
    row = get_object_or_404(study_complex.programme.topics, pk=topic)
    return _place(request, study_complex, row)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_whole(request: HttpRequest, pk: int) -> HttpResponse:
    """What serves all topics."""
    return _place(request, _at_desk(request, pk), None)


def _place(request: HttpRequest, study_complex: StudyComplex, topic: Topic | None) -> HttpResponse:
    asker = asker_of(request)
    query = FindForm(request.GET).query()
    offers = complexes.offered(study_complex, topic, asker, query)
    form = AddForm(_data(request), offers=offers)

    def add(by: Actor) -> None:
        placed = [(topic, kind, thing) for kind, thing in form.chosen()]
        count = actions.add(study_complex, placed, note=form.cleaned_data["note"], by=by)
        messages.success(request, f"Добавлено: {count}.")

    if _is_done(request, form, add):
        return redirect(request.get_full_path())
    contents = complexes.desk_contents(study_complex, asker)
    here = next((place for place, one in enumerate(contents.rows) if one.topic == topic), None)
    context = {
        "complex": study_complex,
        "topic": topic,
        "entries": contents.whole if here is None else contents.rows[here].entries,
        "before": contents.rows[here - 1].topic if here else None,
        "after": contents.rows[here + 1].topic if here is not None and here + 1 < len(contents.rows) else None,
        "find": FindForm(request.GET),
        "query": query,
        "offers": offers,
        "form": form,
    }
    return render(request, "resources/complex_topic.html", context)


@requires("course-desk")
@require_POST
def complex_item_remove(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """A thing is taken out, and one is back at its topic."""
    row = get_object_or_404(_at_desk(request, pk).items.select_related("study_complex", "topic"), pk=item)
    actions.remove(row, by=Actor.of(request))
    messages.success(request, "Убрано. Вернуть можно, добавив снова.")
    place = reverse("resources:complex_topic", args=[pk, row.topic_id]) if row.topic_id else None
    return redirect(place or reverse("resources:complex_whole", args=[pk]))


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_take(request: HttpRequest, pk: int) -> HttpResponse:
    """What the programme itself names, in one go."""
    study_complex = _at_desk(request, pk)
    found = complexes.named_by_programme(study_complex, asker_of(request))
    topics = len({topic.pk for topic, _, _ in found if topic})
    whole = sum(topic is None for topic, _, _ in found)
    effects = [
        f"К темам добавится: {len(found) - whole} ({topics} {russian.plural(topics, 'тема', 'темы', 'тем')}).",
        f"Ко всему комплексу, потому что ни одна тема этого не называет: {whole}.",
        "Что в комплексе уже есть, останется как есть.",
    ]  # fmt: skip
    return _asked(
        request, study_complex, lambda seen, by: actions.take_from_programme(study_complex, seen=seen, by=by),
        title="Взять из программы", button="Добавить", done="Добавлено из программы.",
        effects=effects if found else ["Добавлять нечего: всё, что называет программа, в комплексе уже есть."],
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_open(request: HttpRequest, pk: int) -> HttpResponse:
    """To everybody."""
    study_complex = _at_desk(request, pk)
    share = complexes.desk_contents(study_complex, asker_of(request)).completeness
    effects = [
        "Комплекс появится в открытом списке и на карточке строки 18 реестра.",
        f"Сейчас есть по чему учиться в {share.filled} из {share.topics} тем, это {share.percent}% часов.",
        "Закрытые курсы, черновики и выведенное из обращения читателям не показываются.",
    ]
    return _asked(
        request, study_complex, lambda seen, by: actions.set_open(study_complex, True, seen=seen, by=by),
        title="Открыть комплекс всем", button="Открыть", done="Комплекс открыт всем.", effects=effects,
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_close(request: HttpRequest, pk: int) -> HttpResponse:
    """To those who fill it."""
    study_complex = _at_desk(request, pk)
    return _asked(
        request, study_complex, lambda seen, by: actions.set_open(study_complex, False, seen=seen, by=by),
        title="Закрыть комплекс", button="Закрыть", done="Комплекс закрыт.",
        effects=["Из открытого списка он исчезнет, ссылки на него перестанут открываться. Открыть можно в любой день."],
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed one; an open one is closed first."""
    study_complex = _at_desk(request, pk)
    if study_complex.is_open:
        messages.warning(request, "Комплекс открыт всем: сначала закройте его.")
        return redirect("resources:complex_fill", pk)
    return _asked(
        request, study_complex, lambda seen, by: actions.delete_complex(study_complex, seen=seen, by=by),
        title="Удалить комплекс", button="Удалить", done="Комплекс удалён.", danger=True,
        effects=[
            "Список составляющих пропадёт: восстановить его нельзя.",
            "Сами курсы, материалы, ресурсы и издания останутся, программа тоже.",
        ],
        after=lambda made: reverse("resources:complex_desk"),
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_carry(request: HttpRequest, pk: int) -> HttpResponse:
    """To a later year's programme: first what would go over and what would not, then the deed."""
    study_complex = _at_desk(request, pk)
    found = complexes.to_carry_to(study_complex, asker_of(request))
    chooser = ToProgrammeForm(request.GET or None, queryset=found)
    if not chooser.is_valid():
        context = {"complex": study_complex, "form": chooser, "has_programmes": found.exists()}
        return render(request, "resources/complex_carry.html", context)
    programme = chooser.cleaned_data["programme"]
    lost = _lost(study_complex, programme)
    effects = [
        f"Появится закрытый комплекс: {programme}, {programme.year} учебный год. Этот не изменится.",
        "Перейдёт всё, что действует и открыто вам, у тем с прежними названиями.",
        *([f"Таких тем в новой программе нет, их составляющие не перейдут: {lost}."] if lost else []),
    ]
    return _asked(
        request, study_complex, lambda seen, by: actions.carry(study_complex, programme, seen=seen, by=by),
        title="Перенести на следующий год", button="Перенести", effects=effects,
        done=f"Комплекс перенесён. Не нашлось тем: {lost}." if lost else "Комплекс перенесён целиком.",
        after=lambda made: reverse("resources:complex_fill", args=[made.pk]),
    )  # fmt: skip


def _lost(study_complex: StudyComplex, programme: Programme) -> str:
    """«№ 3 „Функции“; № 7 …» — topics with something in them that the later plan does not have."""
    former = list(study_complex.programme.topics.all())
    same = match(former, programme.topics.all())
    filled = set(study_complex.items.values_list("topic", flat=True))
    return "; ".join(f"№ {one.position} «{one.name}»" for one in former if one.pk in filled and one.pk not in same)


def _asked(request: HttpRequest, study_complex: StudyComplex, act, *, done: str, **page) -> HttpResponse:
    """Asks once more of the complex as it stands, then the verb, then the list of its topics again."""
    after = page.pop("after", None)
    made = []
    form = MarkForm(_data(request), initial={"seen": complexes.mark(study_complex)})
    if request.method == "POST" and form.is_valid():
        if not is_done(request, lambda by: made.append(act(form.cleaned_data["seen"], by)), done):
            return redirect(request.get_full_path())
        return redirect(after(made[0]) if after else reverse("resources:complex_fill", args=[study_complex.pk]))
    back_url = reverse("resources:complex_fill", args=[study_complex.pk])
    context = {"complex": study_complex, "form": form, "question": f"{study_complex}.", "back_url": back_url, **page}
    return render(request, "resources/complex_ask.html", context)


def _author(request: HttpRequest) -> Asker:
    asker = asker_of(request)
    if not rights.may_begin(asker):
        raise PermissionDenied
    return asker


def _at_desk(request: HttpRequest, pk: int) -> StudyComplex:
    """A complex that the visitor fills. Raises Http404 for everybody else's."""
    return get_object_or_404(complexes.at_desk_of(asker_of(request)), pk=pk)


def _data(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _is_done(request: HttpRequest, form: Form, act) -> bool:
    """Is it a post that the action took? A refusal stands in the form, with all that was typed."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(Actor.of(request))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    return form.is_valid()
