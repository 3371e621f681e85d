"""What this app keeps sealed: passwords at platforms and of pseudonymous accounts. Filled in when the portal starts."""

from accounts.hints import SEALED_PLACES
from accounts.rotation import Place
from resources.models import ExternalCredential, PoolAccount, PoolAnswer

SEALED_PLACES.register(
    "external-credentials",
    Place(
        title="учётные данные платформ",
        rows=lambda: ExternalCredential.objects.exclude(sealed=""),
        place_of=lambda row: row.seal_place,
    ),
)
SEALED_PLACES.register(
    "pool-accounts",
    Place(
        title="обезличенные учётные записи",
        rows=lambda: PoolAccount.objects.exclude(sealed=""),
        place_of=lambda row: row.seal_place,
    ),
)
SEALED_PLACES.register(
    "pool-answers",
    Place(
        title="ответы библиотек",
        rows=lambda: PoolAnswer.objects.all(),
        place_of=lambda row: row.seal_place,
    ),
)
