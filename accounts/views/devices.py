"""«Мои устройства»: where one is signed in, and ending it there (12.2)."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.sessions import end_other_sessions, end_session
from accounts.actor import Actor
from accounts.models import User
from eios.lib import russian
from eios.lib.access import requires


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request: HttpRequest) -> HttpResponse:
    """The sessions of the person; a POST ends all but this one."""
    if request.method == "POST":
        ended = end_other_sessions(request.user, keep=request.session.session_key, by=Actor.of(request))
        messages.success(
            request, f"Вход завершён на {ended} {russian.plural(ended, 'устройстве', 'устройствах', 'устройствах')}."
        )
        return redirect("usersessions_list")
    sessions = list(_living(request.user).order_by("created_at", "pk"))
    return render(request, "usersessions/usersession_list.html", {"sessions": sessions, "session_count": len(sessions)})


@requires("cabinet")
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one other session of one's own; anybody else's is not found."""
    others = _living(request.user).exclude(session_key=request.session.session_key)
    end_session(get_object_or_404(others, pk=pk), by=Actor.of(request))
    messages.success(request, "Вход на этом устройстве завершён.")
    return redirect("usersessions_list")


def _living(person: User) -> QuerySet[UserSession]:
    """Without those that have run out: their session is gone, or past its time."""
    sessions = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return UserSession.objects.filter(Exists(sessions), user_id=person.pk)
