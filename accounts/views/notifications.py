"""The inbox of the cabinet, and how letters about it go."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import notifications as actions
from accounts.forms.notifications import InboxFilterForm, MailChoiceForm, ReadAllForm
from accounts.models import Notification
from accounts.notifications import kind_of, mail_choices
from eios.lib.access import requires
from eios.lib.addresses import safe_next

PAGE_SIZE = 30


@requires("cabinet")
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """What the portal has told the person, the unread first; looking at it marks nothing."""
    form = InboxFilterForm(request.GET)
    filters = form.values()
    mine = Notification.objects.filter(person=request.user)
    rows = mine.unread() if filters["state"] == "unread" else mine
    page = Paginator(rows.unread_first().select_related("by"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "unread": request.user.unread_notifications,
        "lines": [(row, kind_of(row.kind)) for row in page],
        # Later pages hold older lines only: «all» is said from the first one.
        "up_to": max((row.pk for row in page), default=0) if page.number == 1 else 0,
    }
    return render(request, "accounts/notification_list.html", context)


@requires("cabinet")
@require_POST
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one's own line as read and goes where it leads; anybody else's is not found."""
    notification = get_object_or_404(Notification, pk=pk, person=request.user)
    actions.read(notification)
    return redirect(safe_next(request, notification.url, reverse("accounts:notification_list")))


@requires("cabinet")
@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Marks as read all lines up to the newest that the page showed."""
    form = ReadAllForm(request.POST)
    if form.is_valid():
        actions.read_all(request.user, up_to=form.cleaned_data["up_to"])
    return redirect("accounts:notification_list")


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """For each kind: a letter at once, in the daily digest, or none."""
    form = MailChoiceForm(request.POST if request.method == "POST" else None, chosen=mail_choices(request.user))
    if form.is_valid():
        actions.choose_mail(request.user, form.cleaned_data)
        messages.success(request, "Выбор писем сохранён.")
        return redirect("accounts:notification_settings")
    return render(request, "accounts/notification_settings.html", {"form": form})
