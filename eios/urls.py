"""Addresses of the portal. Other people's views are listed one by one, so that nothing of theirs opens by itself."""

from allauth.account import views as account
from allauth.usersessions.views import list_usersessions
from django.contrib import admin
from django.urls import include, path, re_path

from eios.views import errors

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

sign_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/devices/", list_usersessions, name="usersessions_list"),
    path("account/factor/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", include("eios.page_urls")),
    path("", include("resources.urls")),
    path("", include("accounts.urls")),
    *sign_in,
    path("admin/", admin.site.urls),
]
