"""A URLconf with views that should not be: one that somebody forgot to stamp, one that breaks."""

from django.http import HttpResponse
from django.urls import path

from eios.lib.access import public
from eios.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(request):
    return HttpResponse("secret")


@public
def stamped(request):
    return HttpResponse("secret")


@public
def broken(request):
    raise ZeroDivisionError("secret of the traceback")


urlpatterns = [path("bare/", bare), path("stamped/", stamped), path("broken/", broken), *urlpatterns]
