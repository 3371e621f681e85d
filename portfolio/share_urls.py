"""Addresses of portfolios' pages, of shares and of what was shown."""

from django.urls import path

from portfolio.views import pages, shares, shown

urlpatterns = [
    path("own/", pages.portfolio_own, name="portfolio_own"),
    path("own/change/", pages.portfolio_change, name="portfolio_change"),
    path("pupils/<int:pk>/", pages.portfolio_detail, name="portfolio_detail"),
    path("children/", pages.child_list, name="child_list"),
    path("classes/", pages.class_list, name="class_list"),
    path("classes/<int:pk>/", pages.class_detail, name="class_detail"),
    path("shares/", shares.share_list, name="share_list"),
    path("shares/add/", shares.share_add, name="share_add"),
    path("shares/<int:pk>/withdraw/", shares.share_withdraw, name="share_withdraw"),
    path("pupils/<int:pk>/shares/", shares.pupil_share_list, name="pupil_share_list"),
    path("shown/", shown.shown_list, name="shown_list"),
    path("shown/<int:pk>/", shown.shown_detail, name="shown_detail"),
    path("show/<slug:code>/", shown.show, name="show"),
    path("show/<slug:code>/files/<uuid:key>/", shown.show_file, name="show_file"),
]
