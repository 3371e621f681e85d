from django.apps import AppConfig

from accounts.hints import PERSONAL_FIELDS


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Люди и школа"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        PERSONAL_FIELDS.register(
            "accounts.user", frozenset({"surname", "name", "patronymic", "birth_date", "email", "phone"})
        )
