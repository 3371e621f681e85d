from django.urls import path

from eios.views import pages

app_name = "eios"
urlpatterns = [
    path("", pages.home, name="home"),
    path("cabinet/", pages.cabinet, name="cabinet"),
    path("display/", pages.display, name="display"),
    path("privacy/", pages.privacy, name="privacy"),
    path("gallery/", pages.gallery, name="gallery"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
]
