"""Addresses of the portal. Other people's views are listed one by one, so that nothing of theirs opens by itself."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

from accounts.views import devices, second_factor, sign_in
from eios.lib.conditional import shared_form
from eios.views import errors

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error

account_urls = [
    path("login/", shared_form(sign_in.login), name="account_login"),
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
    path("account/devices/", devices.session_list, name="usersessions_list"),
]

second_factor_urls = [
    path("", second_factor.index, name="mfa_index"),
    path("authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("confirm/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", second_factor.activate_totp, name="mfa_activate_totp"),
    path("totp/deactivate/", second_factor.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", second_factor.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", second_factor.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/download/", second_factor.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("keys/", second_factor.list_webauthn, name="mfa_list_webauthn"),
    path("keys/add/", second_factor.add_webauthn, name="mfa_add_webauthn"),
    path("keys/confirm/", second_factor.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("keys/<int:pk>/edit/", second_factor.edit_webauthn, name="mfa_edit_webauthn"),
    path("keys/<int:pk>/remove/", second_factor.remove_webauthn, name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("", include("eios.page_urls")),
    # Before the long lists without a common beginning, each line of which would be tried in turn.
    path("journal/", include("journal.urls")),
    path("portfolio/", include("portfolio.urls")),
    path("", include("resources.urls")),
    path("", include("accounts.urls")),
    *account_urls,
    path("account/factor/", include(second_factor_urls)),
    path("admin/", admin.site.urls),
]
