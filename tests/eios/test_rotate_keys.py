"""Change of keys: everything sealed goes over to the first one, nothing is lost where a key is missing."""

import io

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts import rotation
from accounts.models import AuditEntry
from accounts.sealed_values import factor_row
from eios.lib import crypto
from resources.models import ExternalCredential, PoolAccount
from tests.factories import make_credential, make_element, make_pool_account, make_pupil

pytestmark = pytest.mark.django_db
OLD, NEW, THIRD = b"1" * 32, b"2" * 32, b"3" * 32


@pytest.fixture
def sealed(settings, school):
    """Everything that the portal seals, under the key «old»."""
    school()
    settings.FIELD_KEYS = {"old": OLD}
    person, element = make_pupil(), make_element()
    seal = {name: crypto.seal(name, row=factor_row(person.pk)) for name in ("secret", "seed", "one", "two")}
    Authenticator.objects.create(user=person, type="totp", data={"secret": seal["secret"]})
    codes = {"seed": seal["seed"], "used_mask": 3, "migrated_codes": [seal["one"], seal["two"]]}
    Authenticator.objects.create(user=person, type="recovery_codes", data=codes)
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Ключ", "credential": {}})
    make_credential(element, person, password="Тайна-29")
    make_credential(make_element(), person, password="")
    make_pool_account(element, password="Пул-29-аб")
    return person


def run(*options: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *options, stdout=out)
    return out.getvalue()


def opened(person) -> list[str]:
    totp, codes = (Authenticator.objects.get(type=name).data for name in ("totp", "recovery_codes"))
    secrets = [totp["secret"], codes["seed"], *codes["migrated_codes"]]
    found = [crypto.unseal(one, row=factor_row(person.pk)) for one in secrets]
    return [*found, ExternalCredential.objects.exclude(sealed="").get().unseal(), PoolAccount.objects.get().unseal()]


SECRETS = ["secret", "seed", "one", "two", "Тайна-29", "Пул-29-аб"]


def test_everything_goes_over_to_the_first_key(sealed, settings):
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    assert "прежние ключи можно убрать" in run()
    settings.FIELD_KEYS = {"new": NEW}
    assert opened(sealed) == SECRETS
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 3
    assert AuditEntry.objects.get(action="keys.rotated").changes == {"rows": [None, 4]}
    assert "переведено: 0 строк" in run()
    assert AuditEntry.objects.filter(action="keys.rotated").count() == 1


def test_check_counts_and_changes_nothing(sealed, settings):
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    before = list(ExternalCredential.objects.values_list("sealed", flat=True))
    said = run("--check")
    assert "Ключ «new» — первый, им шифруется новое: пока ничего не закрыто." in said
    counts = "4 строки (второй шаг входа — 2, обезличенные учётные записи — 1, учётные данные платформ — 1)"
    assert f"Ключ «old»: {counts}." in said
    assert list(ExternalCredential.objects.values_list("sealed", flat=True)) == before
    run()
    assert "Ключ «old»: ничего не закрыто: этот ключ больше не нужен." in run("--check")
    settings.FIELD_KEYS = {"third": THIRD}
    with pytest.raises(CommandError, match="нет нужных ключей: new"):
        run("--check")


def test_rows_of_a_missing_key_stay_as_they_are(sealed, settings):
    settings.FIELD_KEYS = {"third": THIRD}
    make_credential(make_element(), make_pupil(), password="Третья")
    kept = list(ExternalCredential.objects.order_by("pk").values_list("sealed", flat=True))
    settings.FIELD_KEYS = {"new": NEW, "third": THIRD}
    with pytest.raises(CommandError, match="Нет ключа «old» в FIELD_KEYS: он нужен, чтобы открыть ещё 4 строки"):
        run()
    now = list(ExternalCredential.objects.order_by("pk").values_list("sealed", flat=True))
    assert ([one == two for one, two in zip(kept, now, strict=True)], crypto.key_of(now[2])) == (
        [True, True, False], "new",
    )  # fmt: skip
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    run()
    settings.FIELD_KEYS = {"new": NEW}
    assert ExternalCredential.objects.order_by("pk").first().unseal() == "Тайна-29"


def test_a_damaged_row_is_named_and_the_rest_goes_over(sealed, settings):
    row = ExternalCredential.objects.exclude(sealed="").get()
    ExternalCredential.objects.filter(pk=row.pk).update(sealed="old:" + "AAAA" * 20)
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    with pytest.raises(CommandError, match=f"учётные данные платформ №{row.pk}"):
        run()
    assert PoolAccount.objects.get().sealed.startswith("new:")


def test_a_change_in_between_is_not_lost(sealed, settings, monkeypatch):
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    row, real = ExternalCredential.objects.exclude(sealed="").get(), crypto.seal

    def seal_late(value: str, *, row: str) -> str:
        ExternalCredential.objects.filter(pk=key).update(sealed=fresh)
        return real(value, row=row)

    key, fresh = row.pk, real("Новая", row=row.seal_place)
    monkeypatch.setattr(crypto, "seal", seal_late)
    with pytest.raises(CommandError, match="Изменились, пока шла работа: 1 строка"):
        run()
    assert ExternalCredential.objects.get(pk=key).unseal() == "Новая"


def test_broken_off_it_goes_on_where_it_stopped(sealed, settings, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 1)
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    real, calls = crypto.seal, []

    def seal_twice(value: str, *, row: str) -> str:
        calls.append(value)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(value, row=row)

    monkeypatch.setattr(crypto, "seal", seal_twice)
    with pytest.raises(KeyboardInterrupt):
        run()
    keys = {name: set(counts) for name, counts in rotation.usage().items()}
    assert set(keys) == {"new", "old"}
    run()
    settings.FIELD_KEYS = {"new": NEW}
    assert opened(sealed) == SECRETS
