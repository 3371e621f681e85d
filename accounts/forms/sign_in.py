"""The form of sign-in, in the school's words."""

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = "Логин", "Пароль"
        # A phone's keyboard neither corrects a login nor makes its first letter big.
        login.widget.attrs.update(autocapitalize="none", spellcheck="false")
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait, where the attempt was refused for too many failures."""
        errors = self.errors.as_data().get("__all__", [])
        return next(
            (error.params["retry_after"] for error in errors if error.params and "retry_after" in error.params), None
        )
