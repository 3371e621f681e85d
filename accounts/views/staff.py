"""Staff: who works at school in which position, the page of one, and who lacks what (4.3, 5.11)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import exports, lacks, staff
from accounts.actions import staff_records as actions
from accounts.actor import Actor
from accounts.forms.staff import (
    LacksFilterForm,
    PeopleForm,
    QualificationForm,
    SkillsForm,
    StaffFilterForm,
)
from accounts.models import QualificationRecord, Skill, SkillRecord, User
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today

PAGE_SIZE, EVERYBODY = 100, 100_000


@requires("staff-pages")
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Employees in force by category and position, with class and ШМО (4.3)."""
    date = today()
    form = StaffFilterForm(request.GET, positions=staff.positions_held(date), groups=staff.method_groups_at_work(date))
    filters = form.values()
    size = EVERYBODY if filters["whole"] else PAGE_SIZE
    page = Paginator(staff.appointments(filters, date), size).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "is_narrowed": bool(filters["position"] or filters["method_group"]),
        "page": page,
        "groups": staff.grouped(page.object_list),
        "sees_everyone": staff.sees_everyone(request.user),
    }
    return render(request, "accounts/staff_list.html", context)


@requires("staff-pages")
@require_safe
def staff_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One employee: positions with their grounds, training, skills; documents and contacts for those concerned."""
    viewer, date = request.user, today()
    person = get_object_or_404(staff.pages_for(viewer, date).select_related("qualification"), pk=pk)
    with_details = staff.sees_details(viewer, person)
    trainings = staff.trainings_of(person, with_details=with_details)
    context = {
        "person": person,
        "career": staff.career(person, date),
        "trainings": [(row, lacks.term_of(row.valid_until, date)) for row in trainings],
        "skills": staff.skills_of(person),
        "lacks": lacks.of_one(person, date) if with_details else [],
        "with_details": with_details,
        "sees_contacts": staff.sees_contacts(viewer, person),
        "may_record": staff.may_record(viewer, person),
        "may_add_training": staff.may_add_training(viewer, person),
        "qualification": getattr(person, "qualification", None) if with_details else None,
    }
    return render(request, "accounts/staff_detail.html", context)


# Who lacks what


@requires("staff-pages")
@require_safe
def staff_lacks(request: HttpRequest) -> HttpResponse:
    """Skills, training and qualification that employees lack (3.2, 5.11); a teacher sees what concerns oneself."""
    rows, form, filters = _lacks(request)
    page = Paginator(rows, EVERYBODY if filters["whole"] else PAGE_SIZE).get_page(request.GET.get("page"))
    skill = next((row for row in form.skills if str(row.pk) == filters["skill"]), None)
    context = {
        "form": form,
        "filters": filters,
        "is_filtered": any(filters[name] for name in ("q", "kind", "position", "skill")),
        "is_narrowed": bool(filters["position"] or filters["skill"]),
        "page": page,
        "skill": skill if staff.manages(request.user) else None,
        "sees_everyone": staff.sees_everyone(request.user),
    }
    return render(request, "accounts/staff_lacks.html", context)


@requires("staff-pages")
@require_safe
def staff_lacks_export(request: HttpRequest) -> HttpResponse:
    """The same list as XLSX, all of it."""
    rows, _, _ = _lacks(request)
    content = exports.lacks_list(rows, request.school)
    name = content_disposition_header(True, f"Чего не хватает работникам {today():%d.%m.%Y}.xlsx")
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})


def _lacks(request: HttpRequest) -> tuple[list[lacks.Row], LacksFilterForm, dict[str, str]]:
    date = today()
    form = LacksFilterForm(request.GET, positions=staff.positions_held(date), skills=Skill.objects.all())
    filters = form.values()
    people = staff.lacks_for(request.user, date).matching(filters["q"])
    if filters["position"]:
        people = staff.holding(people, filters["position"], date)
    return lacks.chosen(lacks.listed(people, date), filters), form, filters


# Skills and qualification


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_skills(request: HttpRequest, pk: int) -> HttpResponse:
    """Records that one employee has the ticked skills."""
    person = _recorded(request, pk)
    form = SkillsForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        return _confirm(request, form, [person], form.cleaned_data["skills"], redirect("accounts:staff_detail", pk))
    return render(request, "accounts/staff_skills.html", {"person": person, "form": form})


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def skill_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Records that the ticked employees, of whom the skill is asked, have it: after a seminar, all at once."""
    if not staff.manages(request.user):
        raise Http404
    skill = get_object_or_404(Skill, pk=pk)
    people = lacks.without_skill(skill, staff.employed(today()).exclude(pk=request.user.pk), today())
    form = PeopleForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        return _confirm(request, form, form.cleaned_data["people"], [skill], redirect("accounts:staff_lacks"))
    return render(
        request, "accounts/skill_people.html", {"skill": skill, "form": form, "is_empty": not people.exists()}
    )


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def skill_record_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes away a record of a skill made by mistake."""
    record = get_object_or_404(SkillRecord.objects.select_related("person", "skill"), pk=pk)
    if not staff.may_record(request.user, record.person):
        raise Http404
    if request.method == "POST":
        actions.remove_skill_record(record, by=Actor.of(request))
        messages.success(request, f"Запись о навыке убрана: {record.skill}.")
        return redirect("accounts:staff_detail", record.person_id)
    return render(request, "accounts/skill_record_remove.html", {"record": record})


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_qualification(request: HttpRequest, pk: int) -> HttpResponse:
    """Education and category of one employee, as the documents say."""
    person = _recorded(request, pk)
    current = QualificationRecord.objects.filter(person=person).first()
    form = QualificationForm(request.POST or None, instance=current)
    if is_taken(
        request, form, lambda by: actions.set_qualification(person, by=by, **form.cleaned_data), "Квалификация внесена."
    ):
        return redirect("accounts:staff_detail", pk)
    return render(request, "accounts/staff_qualification.html", {"person": person, "form": form})


def _recorded(request: HttpRequest, pk: int) -> User:
    """The employee about whom the management may write; for others there is no such page."""
    person = get_object_or_404(staff.pages_for(request.user, today()), pk=pk)
    if not staff.may_record(request.user, person):
        raise Http404
    return person


def _confirm(request: HttpRequest, form, people, skills, answer: HttpResponse) -> HttpResponse:
    values = {name: form.cleaned_data[name] for name in ("confirmed_on", "how")}
    try:
        count = actions.confirm_skills(people, skills, by=Actor.of(request), **values)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        words = russian.plural(count, "запись", "записи", "записей")
        messages.success(request, f"Навыки подтверждены: {count} {words}.")
    return answer
