"""Django admin as the school's desk: Russian header, the portal's own sign-in."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login


class PortalAdminSite(admin.AdminSite):
    site_header = "ЭИОС — администрирование"
    site_title = "ЭИОС"
    index_title = "Рабочий стол администратора"

    def has_permission(self, request) -> bool:
        """The gate has asked already (eios/middleware.py); this is the same question once more."""
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request, extra_context=None):
        """Nobody signs in here: throttling and the second factor live on the portal's page."""
        return redirect_to_login(request.get_full_path())
