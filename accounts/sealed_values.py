"""What this app keeps sealed: secrets of second factors, in the rows of allauth. Filled in when the portal starts."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator

from accounts.hints import SEALED_PLACES
from accounts.rotation import Place

SEALED = ("secret", "seed", "migrated_codes")  # of codes, of recovery codes; a passkey's key is public


def factor_row(person: int) -> str:
    """The place that a secret of a second factor is sealed for; copied to another person's row it does not open."""
    return f"mfa:{person}"


def _rewritten(row: Authenticator, change: Callable[[str], str]) -> dict:
    return {name: _changed(value, change) if name in SEALED else value for name, value in row.data.items()}


def _changed(value: str | list[str], change: Callable[[str], str]) -> str | list[str]:
    return [change(one) for one in value] if isinstance(value, list) else change(value)


SEALED_PLACES.register(
    "factors",
    Place(
        title="второй шаг входа",
        rows=lambda: Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN),
        field="data",
        place_of=lambda row: factor_row(row.user_id),
        rewritten=_rewritten,
    ),
)
