"""The desk of accounts: staff are registered here (6.6), pupils only seen, since orders register them (6.5)."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode

from accounts import credentials
from accounts.actions import people
from accounts.actions.hiring import hire_by_order
from accounts.actor import Actor
from accounts.admin.acts import ACTS, Act
from accounts.admin.base import AuditedAdmin, ReadOnlyInline
from accounts.admin.filters import ClassFilter, PositionFilter, StateFilter, StatusFilter
from accounts.admin.forms import MOST_PEOPLE, ActForm, ChosenForm, EmployeeForm, PersonForm
from accounts.models import Appointment, Block, Enrolment, Relation, SkillRecord, Training, User
from eios.lib.dates import today
from eios.lib.russian import plural

HIRING = "Портал внесёт этот приказ в книгу и сразу исполнит. Кто работал раньше, того принимают в разделе «Приказы»."
PEOPLE_LIST = "admin:accounts_user_changelist"


class AppointmentInline(ReadOnlyInline):
    model = Appointment
    fields = ["title", "school_class", "method_group", "starts", "ends", "basis", "ended_by"]
    readonly_fields = ["title", "ended_by"]
    verbose_name_plural = "назначения"

    @admin.display(description="должность")
    def title(self, row: Appointment) -> str:
        return row.title

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("position", "school_class", "method_group", "person", "ended_by")
        )


class EnrolmentInline(ReadOnlyInline):
    model = Enrolment
    fields = ["school_class", "year", "starts", "ends", "basis", "ended_by"]
    readonly_fields = ["year", "ended_by"]

    @admin.display(description="учебный год")
    def year(self, row: Enrolment) -> str:
        return str(row.school_class.year)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("school_class__year", "pupil", "ended_by")


class ChildInline(ReadOnlyInline):
    model = Relation
    fk_name = "parent"
    fields = ["pupil", "kind", "starts", "ends", "basis"]
    verbose_name_plural = "законный представитель для"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent", "pupil")


class ParentInline(ReadOnlyInline):
    model = Relation
    fk_name = "pupil"
    fields = ["parent", "kind", "starts", "ends", "basis"]
    verbose_name_plural = "законные представители"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent", "pupil")


class BlockInline(ReadOnlyInline):
    model = Block
    fk_name = "person"
    fields = ["since", "reason", "by", "lifted_at", "lift_reason", "lifted_by"]
    readonly_fields = ["since"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "by", "lifted_by")


class TrainingInline(ReadOnlyInline):
    model = Training
    fk_name = "person"
    fields = ["title", "organisation", "hours", "document_date", "valid_until", "confirmed_by"]
    readonly_fields = ["confirmed_by"]
    verbose_name_plural = "обучение"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "confirmed_by")


class SkillRecordInline(ReadOnlyInline):
    model = SkillRecord
    fk_name = "person"
    fields = ["skill", "confirmed_on", "how", "confirmed_by"]
    readonly_fields = ["confirmed_by"]
    verbose_name_plural = "навыки"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "skill", "confirmed_by")


@admin.register(User)
class UserAdmin(AuditedAdmin):
    """People: found, corrected, blocked; nobody is ever deleted here."""

    may_add = may_change = True
    new = "Новый работник"
    search_fields = ["search"]
    search_help_text = "Фамилия, имя, отчество или логин"
    list_display = ["full_name", "username", "today", "state", "last_login"]
    list_filter = [StatusFilter, StateFilter, ClassFilter, PositionFilter]
    ordering = ["sort_name", "pk"]
    readonly_fields = ["username", "today", "state", "last_login", "created_at", "superuser"]
    actions = ["print_slips", *(name.replace("-", "_") for name in ACTS)]
    change_form_template = "admin/accounts/user/page.html"

    # The list

    def get_queryset(self, request: HttpRequest):
        date = today()
        posts = Appointment.objects.on(date).select_related("position", "school_class", "method_group")
        return (
            User.objects.with_standing(date)
            .order_by(*self.ordering)
            .prefetch_related(
                Prefetch("appointments", posts.order_by("position__order"), to_attr="posts_today"),
                Prefetch(
                    "enrolments", Enrolment.objects.on(date).select_related("school_class"), to_attr="places_today"
                ),
            )
        )

    @admin.display(description="фамилия, имя, отчество", ordering="sort_name")
    def full_name(self, person: User) -> str:
        return str(person)

    @admin.display(description="кто сегодня")
    def today(self, person: User) -> str:
        words = [f"обучающийся, {place.school_class}" for place in person.places_today]
        words += [
            f"{post.title}, {post.school_class}" if post.school_class else post.title for post in person.posts_today
        ]
        words += ["родитель"] if person.standing_parent else []
        return "; ".join(words) or "нет статуса"

    @admin.display(description="учётная запись")
    def state(self, person: User) -> str:
        if person.standing_blocked:
            return "заблокирована"
        if not person.is_alive:
            return "закрыта: нет статуса"
        if not person.has_usable_password():
            return "пароль не выдан"
        if person.must_change_password:
            return "пароль ещё не сменён"
        return "действует" if person.standing_accepted else "соглашение не принято"

    @admin.display(description="право на установку", boolean=True)
    def superuser(self, person: User) -> bool:
        return person.is_superuser

    # The page of a person

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts with the right over the installation are changed by their like only."""
        return super().has_change_permission(request, obj) and (obj is None or self._may_touch(request, obj))

    @staticmethod
    def _may_touch(request: HttpRequest, person: User) -> bool:
        return request.user.is_superuser or not person.is_superuser

    def get_form(self, request: HttpRequest, obj=None, change=False, **kwargs):
        kwargs["form"] = PersonForm if obj else EmployeeForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None):
        person = ("Человек", {"fields": people.PERSONAL_FIELDS})
        if obj is None:
            about = "Логин портал составит из имени. Обучающихся заводит приказ о зачислении."
            order = {"fields": ["number", "date", "signature"], "description": HIRING}
            return [
                ("Новый работник", {**person[1], "description": about}),
                ("Должность", {"fields": ["position", "method_group", "starts", "ends"]}),
                ("Приказ о приёме на работу", order),
            ]
        right = ["is_superuser"] if request.user.is_superuser else ["superuser"]
        account = ["username", "today", "state", "last_login", "created_at", *right]
        if not self.has_change_permission(request, obj):
            return [person, ("Учётная запись", {"fields": account})]
        return [person, ("Учётная запись", {"fields": account}), (None, {"fields": ["basis"]})]

    def get_inlines(self, request: HttpRequest, obj: User | None):
        facts = [AppointmentInline, EnrolmentInline, ChildInline, ParentInline, BlockInline]
        return [*facts, TrainingInline, SkillRecordInline] if obj else []

    def save_row(self, by: Actor, row: User, form, change: bool) -> User:
        if not change:
            return hire_by_order(**form.hire(), by=by)
        basis = form.cleaned_data["basis"]
        fields = {name: form.cleaned_data[name] for name in form.changed_data if name in people.PERSONAL_FIELDS}
        person = people.change_person(row, by=by, basis=basis, **fields)
        if "is_superuser" in form.changed_data:
            people.set_superuser(person, value=form.cleaned_data["is_superuser"], by=by, basis=basis)
        return person

    def response_add(self, request: HttpRequest, obj: User, post_url_continue=None) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        login = User.objects.values_list("username", flat=True).get(pk=obj.pk)
        self.message_user(request, f"Логин: {login}. Теперь напечатайте листок с разовым паролем.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[obj.pk]))

    def render_change_form(self, request: HttpRequest, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            suiting = [(name, act) for name, act in ACTS.items() if act.suits(obj)]
            context["acts"] = [(reverse("admin:accounts_user_act", args=[name]), act) for name, act in suiting]
            context["has_slips_here"] = credentials.people_of(request.user, today()).filter(pk=obj.pk).exists()
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Acts: from the list for those chosen, from the page for one

    def get_urls(self):
        act = self.admin_site.admin_view(self.act_view)
        return [path("act/<slug:name>/", act, name="accounts_user_act"), *super().get_urls()]

    def act_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Says what will happen to whom, asks for the reason, does it."""
        act = ACTS.get(name)
        if act is None:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        chosen = ChosenForm(request.GET)
        if not chosen.is_valid():
            self.message_user(request, " ".join(chosen.errors.get("people", [])), messages.ERROR)
            return HttpResponseRedirect(reverse(PEOPLE_LIST))
        everyone = self.get_queryset(request).filter(pk__in=chosen.cleaned_data["people"])
        allowed = [person for person in everyone if self._may_touch(request, person)]
        form = ActForm(request.POST or None, label=act.reason, required=act.needs_reason)
        if request.method == "POST" and form.is_valid():
            return self._carry_out(request, act, allowed, form.cleaned_data["reason"])
        context = {"act": act, "people": allowed, "left_out": len(everyone) - len(allowed), "form": form}
        return self._page(request, "admin/accounts/user/act.html", act.title, context)

    def _carry_out(self, request: HttpRequest, act: Act, chosen: list[User], reason: str) -> HttpResponse:
        done = []
        for person in chosen:
            try:
                act.run(person, reason, Actor.of(request))
                done.append(person)
            except ValidationError as refusal:
                self.message_user(request, f"{person}: {' '.join(refusal.messages)}", messages.ERROR)
        if done:
            people_word = plural(len(done), "человек", "человека", "человек")
            self.message_user(request, f"{act.done}: {len(done)} {people_word}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse(PEOPLE_LIST))

    def _page(self, request: HttpRequest, template: str, title: str, context: dict) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, {**frame, **context})

    def _choose(self, request: HttpRequest, queryset, name: str) -> HttpResponse:
        keys = [str(key) for key in queryset.values_list("pk", flat=True)[: MOST_PEOPLE + 1]]
        query = urlencode({"people": ",".join(keys)})
        return HttpResponseRedirect(f"{reverse('admin:accounts_user_act', args=[name])}?{query}")

    @admin.action(description="Напечатать листки с разовым паролем", permissions=["change"])
    def print_slips(self, request, queryset):
        """The section «Учётные данные» prints them; it decides for whom this one may (9.2, 9.4)."""
        keys = list(queryset.values_list("pk", flat=True)[:MOST_PEOPLE])
        return HttpResponseRedirect(
            f"{reverse('accounts:credentials_issue')}?{urlencode({'person': keys}, doseq=True)}"
        )

    @admin.action(description="Заблокировать", permissions=["change"])
    def block(self, request, queryset):
        return self._choose(request, queryset, "block")

    @admin.action(description="Снять блокировку", permissions=["change"])
    def unblock(self, request, queryset):
        return self._choose(request, queryset, "unblock")

    @admin.action(description="Сбросить второй шаг входа", permissions=["change"])
    def reset_factor(self, request, queryset):
        return self._choose(request, queryset, "reset-factor")

    @admin.action(description="Завершить все входы", permissions=["change"])
    def end_sessions(self, request, queryset):
        return self._choose(request, queryset, "end-sessions")
