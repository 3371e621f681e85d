"""Django admin as the school's desk: only desks of our own, grouped by what they are for, one way in and out."""

from allauth.account.views import logout
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

GROUPS = {
    "people": (
        "Люди",
        ["accounts.user", "accounts.appointment", "accounts.enrolment", "accounts.relation", "accounts.block"],
    ),
    "orders": ("Приказы", ["accounts.order"]),
    "school": (
        "Школа",
        [
            "accounts.schoolcard",
            "accounts.academicyear",
            "accounts.schoolclass",
            "accounts.methodgroup",
            "accounts.position",
            "accounts.skill",
        ],
    ),
    "registry": (
        "Реестр элементов",
        [
            "resources.element",
            "resources.elementadministrator",
            "resources.condition",
            "resources.level",
            "resources.document",
            "resources.edition",
        ],  # fmt: skip
    ),
    "study": ("Учебные предметы", ["resources.subjectarea", "resources.subject"]),
    "courses": ("Курсы", ["resources.embeddedplayer"]),
    "agreement": (
        "Соглашение и согласия",
        ["accounts.agreementedition", "accounts.acceptance", "accounts.consenttext", "accounts.consent"],
    ),
    "letters": ("Письма", ["accounts.outgoingletter"]),
    "trail": ("Журнал аудита", ["accounts.auditentry"]),
}
OTHER = ("other", "Прочее")


class PortalAutocomplete(AutocompleteJsonView):
    """Namesakes are told apart by their logins."""

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        login = getattr(obj, "username", "")
        return {**result, "text": f"{result['text']} ({login})" if login else result["text"]}


class PortalAdminSite(admin.AdminSite):
    site_header = "ЭИОС — администрирование"
    site_title = "ЭИОС"
    index_title = "Рабочий стол администратора"
    # Lists of people are wide; the front page is one step away.
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Lets in desks whose changes go into the audit trail; what other packages register by themselves stays away:
        groups and permission rows, e-mail addresses, sessions, secrets of second factors."""
        if getattr(admin_class, "is_audited", False):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """The gate has asked already (eios/middleware.py); this is the same question once more."""
        return request.user.is_authenticated and request.user.is_staff

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Desks by what they are for; a desk that no group names stands last."""
        apps = super().get_app_list(request, app_label)
        desks = {desk["model"]._meta.label_lower: desk for app in apps for desk in app["models"]}
        groups = [
            _group(slug, name, [desks.pop(label) for label in labels if label in desks])
            for slug, (name, labels) in GROUPS.items()
        ]
        return [group for group in [*groups, _group(*OTHER, list(desks.values()))] if group["models"]]

    def app_index(self, request: HttpRequest, app_label: str, extra_context=None) -> HttpResponse:
        """Apps are our affair: people look for desks on the front page."""
        return redirect("admin:index")

    # Signing in and out and changing the password belong to the portal's pages, with throttling and second factors.

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        return redirect_to_login(request.get_full_path())

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return logout(request)

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    password_change_done = password_change

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return PortalAutocomplete.as_view(admin_site=self)(request)


def _group(slug: str, name: str, desks: list[dict]) -> dict:
    address = f"{reverse('admin:index')}#{slug}"
    return {"name": name, "app_label": slug, "app_url": address, "has_module_perms": True, "models": desks}
