"""Steps that pages of curricula and of calendars share."""

import functools
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actor import Actor
from accounts.views.posting import is_done, is_taken
from resources.actions import year_plans
from resources.models import YearPlan


def only_draft(find: Callable, page: str) -> Callable:
    """Gives the view the draft itself; what is approved is led to its page with the reason."""

    def decorator(view: Callable) -> Callable:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, pk: int) -> HttpResponse:
            plan = find(pk, True)
            if plan.is_draft:
                return view(request, plan)
            messages.warning(request, "Утверждённое не меняется: составьте новую редакцию кнопкой «Скопировать».")
            return redirect(page, pk)

        return wrapper

    return decorator


def approve_page(request: HttpRequest, plan: YearPlan, form: forms.Form, lacks: list[str], page: str) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "lacks": lacks,
        "title": "Утвердить",
        "question": f"{plan}.",
        "effects": [
            "План увидят все, в том числе гости; больше он не меняется.",
            "Если на этот год и уровень уже утверждён другой, он будет заменён этим.",
        ],
        "button": "Утвердить",
        "back_url": page,
    }
    return render(request, "resources/plan_approve.html", context)


def copy(request: HttpRequest, plan: YearPlan, form: forms.Form, make: Callable, page: str, check: str):
    """Asks for which year, then makes the draft: `make(year=…, by=…)`; the copy of `page` is opened for changing."""
    made = []

    def act(by: Actor) -> str:
        made.append(make(plan, year=form.cleaned_data["year"], by=by))
        return made[0].name

    if is_taken(request, form, act, lambda name: f"Составлен проект: {name}. {check}".strip()):
        return redirect(f"resources:{page}_change", made[0].pk)
    return _copy_page(request, plan, form, reverse(f"resources:{page}_detail", args=[plan.pk]))


def _copy_page(request: HttpRequest, plan: YearPlan, form: forms.Form, page: str) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "title": "Скопировать",
        "question": f"{plan}.",
        "effects": ["Появится проект с теми же строками: его видят только составители, пока он не утверждён."],
        "button": "Скопировать",
        "back_url": page,
    }
    return render(request, "resources/plan_copy.html", context)


def delete_page(request: HttpRequest, plan: YearPlan, page: str) -> HttpResponse:
    context = {
        "plan": plan,
        "title": "Удалить проект",
        "question": f"{plan}.",
        "effects": ["Проект и все его строки исчезнут; в журнале аудита останется, кто удалил."],
        "button": "Удалить",
        "danger": True,
        "back_url": page,
    }
    return render(request, "resources/plan_delete.html", context)


def deleted(request: HttpRequest, plan: YearPlan) -> HttpResponse:
    is_done(request, lambda by: year_plans.delete_draft(plan, by=by), "Проект удалён.")
    return redirect("resources:curriculum_list")
