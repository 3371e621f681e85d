"""Co-authors of a work: named by its owner, agreeing or not, leaving (1.3 d)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import SchoolClass
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import works
from portfolio.actions import works as actions
from portfolio.forms.works import AuthorForm, MatesForm
from portfolio.models import Work, WorkAuthor


@requires("portfolio")
@require_http_methods(["GET", "HEAD", "POST"])
def author_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Chosen among pupils of one class."""
    work = get_object_or_404(Work, pk=pk, owner=request.user)
    search = MatesForm(request.GET, classes=SchoolClass.objects.of_year_on(today()).order_by("grade", "letter"))
    filters = search.values()
    named = set(work.authors.values_list("person", flat=True))
    offered = works.mates_of(request.user, filters["school_class"] or None, filters["q"], today())
    offered = [one for one in offered if one.pk not in named]
    form = AuthorForm(request.POST if request.method == "POST" else None, offered=offered)

    def name(by) -> None:
        actions.name_author(work, form.cleaned_data["person"], form.cleaned_data["contribution"], by=by)

    if is_taken(request, form, name, "Соавтор назван. Работа станет и его, когда он согласится."):
        return redirect("portfolio:work_detail", pk)
    context = {"work": work, "form": form, "search": search, "filters": filters, "offered": offered}
    return render(request, "portfolio/author_add.html", context)


@requires("portfolio")
@require_POST
def author_agree(request: HttpRequest, pk: int) -> HttpResponse:
    author = _asked(request, pk)
    is_done(request, lambda by: actions.agree(author, by=by), "Вы соавтор этой работы.")
    return redirect("portfolio:work_detail", pk)


@requires("portfolio")
@require_POST
def author_decline(request: HttpRequest, pk: int) -> HttpResponse:
    author = _asked(request, pk)
    is_done(request, lambda by: actions.decline(author, by=by), "Вы отказались: работа не ваша.")
    return redirect("portfolio:work_list")


@requires("portfolio")
@require_http_methods(["GET", "HEAD", "POST"])
def author_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: what becomes of the work is not as one may think."""
    rows = WorkAuthor.objects.select_related("work").exclude(work__owner=request.user)
    author = get_object_or_404(rows, work=pk, person=request.user, agreed_at__isnull=False)
    if request.method == "POST":
        is_done(request, lambda by: actions.leave(author, by=by), "Вы больше не автор этой работы.")
        return redirect("portfolio:work_list")
    context = {
        "title": "Выйти из авторов",
        "question": f"«{author.work.title}».",
        "effects": [
            "Работа уйдёт из вашего портфолио и из того, что вы показывали другим; приглашения рецензентов, которые вы "
            "выдали и по которым ещё не ответили, перестанут действовать.",
            "Вашего имени не будет на странице работы и в новых выгрузках. Выгрузки, сделанные раньше, останутся у "
            "тех, кто их получил.",
            "Другие авторы узнают об этом. Работа остаётся у них: они смогут показывать её дальше, в том числе по "
            "ссылке, уже без вашего имени и без вашего согласия.",
            "Закреплённые версии не меняются. Если ваше имя стоит в самом тексте или файле, попросите авторов убрать "
            "его в следующей версии.",
            "Написать рецензию на эту работу вы не сможете. Стать её автором снова можно, если вас назовут соавтором.",
        ],
        "button": "Выйти из авторов",
        "danger": True,
        "back_url": reverse("portfolio:work_detail", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


@requires("portfolio")
@require_POST
def author_remove(request: HttpRequest, pk: int, author: int) -> HttpResponse:
    row = get_object_or_404(WorkAuthor.objects.select_related("work"), pk=author, work=pk, work__owner=request.user)
    is_done(request, lambda by: actions.remove_author(row, by=by), "Соавтор убран.")
    return redirect("portfolio:work_detail", pk)


def _asked(request: HttpRequest, pk: int) -> WorkAuthor:
    rows = WorkAuthor.objects.select_related("work")
    return get_object_or_404(rows, work=pk, person=request.user, agreed_at__isnull=True)
