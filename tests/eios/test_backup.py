"""Copies of a whole portal: made while people work, checked, and brought to life elsewhere."""

import hashlib
import io
import json
import random
import resource
import stat
import subprocess
import tarfile
import threading
import time
from contextlib import closing, suppress

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from eios import backup
from eios.keys import new_keys
from tests import ready
from tests.installations import Installation, new_installation, wait_until

PEOPLE = """
from django.contrib.auth.hashers import make_password
from accounts.models import User
password = make_password("верный пароль")
person = {"surname": "Иванова", "name": "Мария", "patronymic": "Ёлкина", "password": password}
people = [User(username=f"ivanova{number}", is_superuser=number == 7, **person) for number in range(200)]
User.objects.bulk_create(people)
"""
STORE = """
from pathlib import Path
from accounts.models import StoredFile
from django.conf import settings
import hashlib
for number in range(5):
    content = f"приказ {number}".encode() * 1000
    row = StoredFile(kind="order", name="Приказ.pdf", media_type="application/pdf", size=len(content))
    row.sha256 = hashlib.sha256(content).hexdigest()
    row.save()
    path = settings.MEDIA_ROOT / row.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
print(row.path)
"""
SIGN_IN = """
from django.test import Client
from django.urls import reverse
client = Client(headers={"host": "localhost"})
page = client.post(reverse("account_login"), {"login": "ivanova7", "password": "верный пароль"})
print(page.status_code, "_auth_user_id" in client.session)
"""
# Everything in every table but the trail, as one digest a table; the trail as its actions.
DIGESTS = """
import hashlib, json
from django.db import connection
with connection.cursor() as cursor:
    result = {}
    for table in sorted(connection.introspection.table_names()):
        cursor.execute(f'SELECT * FROM "{table}"')
        rows = sorted(repr(row) for row in cursor.fetchall())
        result[table] = [len(rows), hashlib.sha256("".join(rows).encode()).hexdigest()]
    del result["accounts_auditentry"]
print(json.dumps(result))
"""
TRAIL = """
from accounts.models import AuditEntry
print(*AuditEntry.objects.order_by("-pk").values_list("action", "actor_label")[:1])
"""
LETTER = """
from accounts.models import OutgoingLetter, User
person = User.objects.create(username="ivanova7", surname="Иванова", email="ivanova@example.org", is_superuser=True)
OutgoingLetter.objects.create(person=person, kind="security", subject="изменён пароль", body="Изменён.", key="event")
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def portal(tmp_path_factory, django_db_setup, django_db_blocker):
    """A portal with 200 people and five files, shared by the tests that only read it."""
    with (
        django_db_blocker.unblock(),
        new_installation(tmp_path_factory.mktemp("portal"), like=ready.migrated()) as place,
    ):
        place.script(PEOPLE)
        place.script(STORE)
        yield place


@pytest.fixture(scope="module")
def copy(portal, tmp_path_factory):
    """A copy of that portal."""
    target = tmp_path_factory.mktemp("copies") / "eios.tar"
    done = portal.manage("backup", "--to", str(target))
    assert (done.returncode, done.stderr) == (0, "")
    return target


@pytest.fixture
def elsewhere(tmp_path):
    """An empty installation with the same keys."""
    with new_installation(tmp_path / "elsewhere") as place:
        yield place


def digests(place: Installation) -> dict:
    return json.loads(place.script(DIGESTS))


def media(place: Installation) -> dict[str, str]:
    files = sorted(path for path in place.media.rglob("*") if path.is_file())
    return {str(path.relative_to(place.media)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def repack(source, target, *, change=None, extra=()):
    """The copy with a changed manifest (resealed) and further members, as someone with a tar program would make it."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == backup.MANIFEST:
                for info, body in extra:
                    new.addfile(info, io.BytesIO(body))
                fields = json.loads(content)["manifest"]
                content = backup._sealed((change or dict)(fields))
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return target


def test_restored_portal_is_the_same_and_people_sign_in(portal, copy, elsewhere):
    done = elsewhere.manage("restore", str(copy))

    assert (done.returncode, done.stderr) == (0, "")
    assert digests(elsewhere) == digests(portal)
    assert len(media(portal)) == 5
    assert media(elsewhere) == media(portal)
    assert portal.script(TRAIL) == "('backup.made', 'команда backup')"
    assert elsewhere.script(TRAIL) == "('backup.restored', 'команда restore')"
    assert elsewhere.script(SIGN_IN) == "302 True"
    assert not (elsewhere.media / backup.STAGING).exists()


def test_letters_that_a_copy_holds_unsent_do_not_leave_after_restoring(tmp_path, elsewhere):
    with new_installation(tmp_path / "first", like=ready.migrated()) as place:
        place.script(LETTER)
        assert place.manage("backup", "--to", str(tmp_path / "eios.tar")).returncode == 0
        assert place.manage("send_letters").stdout.endswith(
            "Отправлено писем: 1, отложено: 0, не ушло: 0, отменено: 0.\n"
        )

    assert elsewhere.manage("restore", str(tmp_path / "eios.tar")).returncode == 0
    assert elsewhere.manage("send_letters").stdout == "Отправлено писем: 0, отложено: 0, не ушло: 0, отменено: 0.\n"


def test_copy_tells_what_it_holds_and_that_keys_are_not_inside(portal, tmp_path):
    target = tmp_path / "eios.tar"

    done = portal.manage("backup", "--to", str(target))

    held = target.read_bytes()
    secrets = [settings.SECRET_KEY.encode(), settings.AUDIT_KEY, *settings.FIELD_KEYS.values()]
    assert "файлов 5" in done.stdout
    assert "Ключей (SECRET_KEY, FIELD_KEYS, AUDIT_KEY) внутри нет" in done.stdout
    assert [secret for secret in secrets if secret in held] == []
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["eios.tar"]


def test_copy_of_a_busy_portal_is_one_moment(portal, tmp_path, elsewhere):
    """Writers add a file row and an audit row in one transaction: a copy must never hold one without the other."""
    stop, written = threading.Event(), []
    writers = [threading.Thread(target=write_pairs, args=(portal, stop, written)) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        wait_until(lambda: len(written) > 5)
        done = portal.manage("backup", "--to", str(tmp_path / "busy.tar"))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    remove_pairs(portal)

    assert (done.returncode, done.stderr) == (0, "")
    assert elsewhere.manage("restore", str(tmp_path / "busy.tar")).returncode == 0
    pairs = elsewhere.script(
        "from accounts.models import MethodGroup, Position\n"
        "print(MethodGroup.objects.filter(name__startswith='пара').count(),"
        " Position.objects.filter(name__startswith='пара').count())"
    ).split()
    assert pairs[0] == pairs[1]
    assert 5 < int(pairs[0]) < len(written)


GROUP = "INSERT INTO accounts_methodgroup (name) VALUES ('{name}')"
POSITION = (
    "INSERT INTO accounts_position (code, name, category, level, \"order\") VALUES ('{name}', '{name}', 'duty', 2, 1)"
)


def write_pairs(place: Installation, stop: threading.Event, written: list) -> None:
    while not stop.is_set() and len(written) < 3000:
        name = f"пара {threading.get_ident()} {len(written)}"
        with closing(connect(place)) as database:
            database.execute("BEGIN") if connection.vendor == "postgresql" else database.execute("BEGIN IMMEDIATE")
            database.execute(GROUP.format(name=name))
            database.execute(POSITION.format(name=name))
            database.execute("COMMIT")
        written.append(name)


def remove_pairs(place: Installation) -> None:
    with closing(connect(place)) as database:
        database.execute("DELETE FROM accounts_methodgroup WHERE name LIKE 'пара%'")
        database.execute("DELETE FROM accounts_position WHERE name LIKE 'пара%'")


def connect(place: Installation):
    if connection.vendor == "postgresql":
        return psycopg.connect(place.database_url.replace("postgres://", "postgresql://"), autocommit=True)
    sqlite3 = connection.Database
    return sqlite3.connect(place.folder / "eios.sqlite3", timeout=20, isolation_level=None)


def test_backup_names_files_whose_bytes_are_lost(tmp_path):
    with new_installation(tmp_path / "damaged", like=ready.migrated()) as place:
        lost = place.script(STORE)
        (place.media / lost).unlink()

        done = place.manage("backup", "--to", str(tmp_path / "eios.tar"))

        assert done.returncode == 1
        assert f"у файлов портала нет содержимого или оно повреждено — 1, первый {lost}" in done.stderr
        assert (tmp_path / "eios.tar").exists()


def test_backup_never_replaces_a_file(portal, tmp_path):
    target = tmp_path / "eios.tar"
    target.write_text("прежняя копия")

    done = portal.manage("backup", "--to", str(target))

    assert done.returncode == 1
    assert done.stderr == f"CommandError: Копия не сделана: файл {target} уже есть: укажите другое имя.\n"
    assert target.read_text() == "прежняя копия"


def test_backup_without_room_leaves_nothing_behind(portal, tmp_path):
    limit = (100_000, 100_000)

    done = portal.manage(
        "backup",
        "--to",
        str(tmp_path / "eios.tar"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: Копия не сделана: ")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_backup_after_a_killed_one(portal, tmp_path):
    leftover = tmp_path / ".eios.tar.tmp"
    leftover.mkdir()
    (leftover / "copy.tar").write_bytes(b"half")

    done = portal.manage("backup", "--to", str(tmp_path / "eios.tar"))

    assert done.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["eios.tar"]


@pytest.mark.slow
def test_no_kill_leaves_half_a_copy(portal, tmp_path):
    """Killed at thirty moments of its work, a backup leaves either nothing under its name or a whole copy."""
    began = time.monotonic()
    portal.manage("backup", "--to", str(tmp_path / "measure.tar"))
    usual = time.monotonic() - began
    chance, whole = random.Random(29), 0
    for number in range(30):
        target = tmp_path / f"{number}.tar"
        with suppress(subprocess.TimeoutExpired):
            portal.manage("backup", "--to", str(target), timeout=usual * chance.uniform(0.5, 0.95))
        if target.exists():
            assert backup.verify(target, silent).media_count == 5
            whole += 1

    done = portal.manage("backup", "--to", str(tmp_path / "after.tar"))

    assert done.returncode == 0
    assert whole < 30


def test_restore_refuses_an_inhabited_installation(portal, copy):
    before, files = digests(portal), media(portal)

    done = portal.manage("restore", str(copy))

    assert done.returncode == 1
    assert "в этой установке уже есть люди (200): восстанавливать можно только в пустую" in done.stderr
    assert digests(portal) == before
    assert media(portal) == files


def test_restore_refuses_other_keys_unless_told(copy, elsewhere):
    elsewhere.settings = new_keys()

    refused = elsewhere.manage("restore", str(copy))
    told = elsewhere.manage("restore", str(copy), "--other-keys")

    assert refused.returncode == 1
    assert "ключи этой установки не те, с которыми сделана копия (AUDIT_KEY, FIELD_KEYS k1)" in refused.stderr
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"engine": "oracle"}, "копия сделана с базы oracle"),
        ({"migrations": ["accounts.9999_future"]}, "новее этой: обновите портал (accounts.9999_future)"),
        ({"format": 2}, "копия в формате 2, эта версия портала понимает 1"),
    ],
    ids=["engine", "migrations", "format"],
)
def test_restore_refuses_a_copy_that_does_not_fit(copy, elsewhere, tmp_path, change, reason):
    odd = repack(copy, tmp_path / "odd.tar", change=lambda fields: fields | change)

    done = elsewhere.manage("restore", str(odd))

    assert done.returncode == 1
    assert reason in done.stderr
    assert not elsewhere.media.exists()


def silent(done, total):
    """Nobody watches."""


def test_any_flipped_byte_is_noticed(copy, tmp_path):
    """A copy with one damaged byte is refused, or (padding of the tar) holds exactly the same."""
    whole, sound = copy.read_bytes(), backup.verify(copy, silent)
    chance, damaged = random.Random(29), tmp_path / "damaged.tar"
    passed = 0
    for _ in range(200):
        place = chance.randrange(len(whole))
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        try:
            assert backup.verify(damaged, silent) == sound
            passed += 1
        except backup.BackupError:
            continue
    assert passed < 20


@pytest.mark.parametrize("part", [0, 0.001, 0.3, 0.9, 0.999])
def test_copy_cut_short_is_refused(copy, tmp_path, part):
    cut = tmp_path / "cut.tar"
    whole = copy.read_bytes().rstrip(b"\0")
    cut.write_bytes(whole[: int(len(whole) * part)])

    with pytest.raises(backup.BackupError):
        backup.verify(cut, silent)


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info, body = tarfile.TarInfo(name), b"" if link else b"evil"
    info.type, info.linkname, info.size = kind, link, len(body)
    return info, body


@pytest.mark.parametrize(
    "extra",
    [
        member("../evil"),
        member("/tmp/evil"),
        member("media/../../evil"),
        member("media//evil"),
        member("media/.restore/evil"),
        member("media\\..\\evil"),
        member("evil"),
        member("database"),
        member("media/link", tarfile.SYMTYPE, "/etc/passwd"),
        member("media/link", tarfile.LNKTYPE, "database"),
        member("media/pipe", tarfile.FIFOTYPE, "x"),
        member("media/folder", tarfile.DIRTYPE, "x"),
        member("media/unlisted"),
    ],
    ids=lambda extra: extra[0].name + str(extra[0].type),
)
def test_unsafe_or_unlisted_members_are_refused(copy, tmp_path, extra):
    hostile = repack(copy, tmp_path / "hostile.tar", extra=[extra])

    with pytest.raises(backup.BackupError):
        backup.verify(hostile, silent)


def test_check_says_whether_a_copy_is_sound(copy, elsewhere, tmp_path):
    sound = elsewhere.manage("restore", "--check", str(copy))
    missing = elsewhere.manage("restore", "--check", str(tmp_path / "none.tar"))
    (tmp_path / "text.tar").write_text("не архив")
    text = elsewhere.manage("restore", "--check", str(tmp_path / "text.tar"))

    assert (sound.returncode, sound.stdout.split(",")[0]) == (0, "Копия цела")
    assert missing.stderr == f"CommandError: Копия не годится: нет файла {tmp_path}/none.tar.\n"
    assert "не копия портала" in text.stderr
    assert "Traceback" not in text.stderr
