"""Consents in the cabinet: reading, giving, refusing and withdrawing, for oneself and for one's children (152-ФЗ)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consents
from accounts.actions import consents as actions
from accounts.actor import Actor
from accounts.forms.consents import ConsentForm, WithdrawForm
from accounts.models import Consent, ConsentKind, User
from accounts.views.posting import is_done
from eios.lib.access import requires
from eios.lib.dates import today

TICKS = {
    Consent.Capacity.PARENT: "Текст прочитан; как законный представитель даю согласие за ребёнка",
    Consent.Capacity.PUPIL: "Текст прочитан и понятен, согласие даю",
    Consent.Capacity.SELF: "Текст прочитан, согласие даю",
}
# What follows from withdrawing, in words.
FOLLOWS = {
    ConsentKind.PROCESSING: [
        "Школа прекратит обработку, основанную на согласии: письма, конкурсы, портфолио, учётные записи на платформах.",
        "То, что школа обязана вести по закону, останется: личное дело, приказы, журнал и аттестация. "
        "Обучение и доступ к порталу не прекращаются.",
        "Данные, для которых нужно согласие, уничтожаются не позднее чем через тридцать дней.",
    ],
    ConsentKind.PUBLICATION: [
        "Школа больше ничего не публикует, а опубликованное убирает не позднее трёх рабочих дней.",
        "Уже вышедшие печатные издания отозвать нельзя.",
    ],
    ConsentKind.PORTFOLIO: [
        "Портфолио сразу закроется для остальных; ссылки на него перестанут открываться.",
        "Само портфолио сохранится.",
    ],
}
STAYS = "Запись о согласии и об отзыве останется в истории. Дать согласие снова можно в любое время."


@requires("cabinet")
@require_safe
def consent_list(request: HttpRequest) -> HttpResponse:
    """One's own consents and those of one's children: each kind with its state."""
    people = consents.subjects_of(request.user, today())
    found = consents.all_states(people, today())
    subjects = [
        {"person": one, "is_own": one.pk == request.user.pk, "states": [row for row in found[one.pk] if row.text]}
        for one in people
    ]
    return render(request, "accounts/consent_list.html", {"subjects": subjects})


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Read the text in force and consent to it; anybody else's is not found."""
    subject, state = _own(request, pk, kind)
    if request.method == "POST":
        return _give(request, subject, state)
    return _page(request, subject, state, _form(request.user, subject, state))


def _own(request: HttpRequest, pk: int, kind: str) -> tuple[User, consents.State]:
    """The subject, oneself or an own child, with the state of this consent. Raises Http404."""
    people = consents.subjects_of(request.user, today())
    subject = next((one for one in people if one.pk == pk), None)
    if subject is None or kind not in ConsentKind:
        raise Http404
    state = consents.state_of(subject, kind, today())
    if state.text is None:
        raise Http404
    return subject, state


def _form(person: User, subject: User, state: consents.State, data=None) -> ConsentForm | None:
    """The tick, where it is this person's turn; a refusal may be thought over."""
    capacity = consents.capacity_of(person, subject, state)
    standing = state.answer(capacity) if capacity else None
    if capacity is None or (standing and not standing.is_refusal):
        return None
    return ConsentForm(data, initial={"version": state.text.mark}, tick=TICKS[capacity])


def _page(request: HttpRequest, subject: User, state: consents.State, form: ConsentForm | None) -> HttpResponse:
    capacity = consents.capacity_of(request.user, subject, state)
    standing = state.answer(capacity) if capacity else None
    context = {
        "subject": subject,
        "is_own": subject.pk == request.user.pk,
        "state": state,
        "form": form,
        "can_refuse": form is not None and standing is None,
        "can_withdraw": standing is not None and not standing.is_refusal,
        "is_turn_of_another": capacity is None,
        "history": consents.history_of(subject, state.kind),
    }
    return render(request, "accounts/consent.html", context)


def _give(request: HttpRequest, subject: User, state: consents.State) -> HttpResponse:
    form = _form(request.user, subject, state, request.POST)
    if form is None:
        return redirect(request.path)
    is_valid = form.is_valid()
    if form.is_stale(state.text):
        messages.warning(request, "Пока страница была открыта, текст согласия обновился. Прочитайте его ещё раз.")
        return redirect(request.path)
    if not is_valid:
        return _page(request, subject, state, form)
    is_done(request, lambda by: actions.give(state.text, subject, by=by), f"Согласие дано: {state.kind.label}.")
    return redirect("accounts:consent_list")


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def consent_refuse(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Not consenting, said once: the cabinet reminds no more."""
    subject, state = _own(request, pk, kind)
    if request.method == "POST":
        is_done(request, lambda by: actions.refuse(state.text, subject, by=by), f"Отказ записан: {state.kind.label}.")
        return redirect("accounts:consent_list")
    if _form(request.user, subject, state) is None:
        return redirect("accounts:consent", pk, kind)
    context = {
        "title": "Не давать согласия",
        "question": f"{state.text.title}. Чьи данные: {subject}.",
        "effects": [
            "Отказ будет записан, и портал перестанет об этом напоминать.",
            "Отказ не влияет на обучение, на отметки и на работу.",
            "Дать согласие можно потом, в любое время.",
        ],
        "button": "Не даю согласия",
        "back_url": reverse("accounts:consent", args=[pk, kind]),
    }
    return render(request, "accounts/consent_refuse.html", context)


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Taking a consent back, after what follows is said; it works at once."""
    subject, state = _own(request, pk, kind)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _withdraw(request, subject, state, form.cleaned_data["reason"])
    capacity = consents.capacity_of(request.user, subject, state)
    standing = state.answer(capacity) if capacity else None
    if standing is None or standing.is_refusal:
        return redirect("accounts:consent", pk, kind)
    context = {
        "title": "Отозвать согласие",
        "question": f"{state.text.title}. Чьи данные: {subject}.",
        "effects": [*FOLLOWS[state.kind], STAYS],
        "button": "Отозвать согласие",
        "danger": True,
        "form": form,
        "back_url": reverse("accounts:consent", args=[pk, kind]),
    }
    return render(request, "accounts/consent_withdraw.html", context)


def _withdraw(request: HttpRequest, subject: User, state: consents.State, reason: str) -> HttpResponse:
    try:
        count = actions.withdraw(subject, state.kind, reason=reason, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        words = "Согласие отозвано" if count else "Отзывать нечего: согласие не дано"
        messages.success(request, f"{words}: {state.kind.label}.")
    return redirect("accounts:consent_list")
