"""Addresses of the portfolio; each part has a file of its own."""

from django.urls import include, path

from portfolio.views import home

app_name = "portfolio"
urlpatterns = [
    path("", home.home, name="home"),
    path("", include("portfolio.achievement_urls")),
    path("", include("portfolio.event_urls")),
    path("", include("portfolio.import_urls")),
    path("", include("portfolio.work_urls")),
    path("", include("portfolio.review_urls")),
    path("", include("portfolio.share_urls")),
    path("", include("portfolio.export_urls")),
    path("", include("portfolio.rating_urls")),
    path("", include("portfolio.progress_urls")),
    path("", include("portfolio.life_urls")),
]
