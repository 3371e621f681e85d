"""Signing in: allauth's view, with the answer 429 where too many attempts have failed."""

from allauth.account.views import LoginView
from django.http import HttpResponse


class SignInView(LoginView):
    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        if form.retry_after:
            response.status_code = 429
            response["Retry-After"] = str(form.retry_after)
        return response


login = SignInView.as_view()
