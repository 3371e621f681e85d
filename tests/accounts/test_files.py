"""The store: what it keeps, to whom it gives, how it is cleaned."""

import datetime
import hashlib
import os
import resource
import socket
import socketserver
import threading
import tracemalloc
import uuid
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.template import engines
from django.utils import timezone

from accounts.actions import file_cleaning, files
from accounts.actor import Actor
from accounts.forms.files import StoredFileField
from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import AuditEntry, Consent, Order, RegistrationSheet, SchoolCard, StoredFile, Training
from accounts.models.files import _relations
from eios.lib import filetypes
from eios.lib.filetypes import FileRefused, kinds
from eios.lib.streaming import Unsatisfiable, file_response, wanted_range
from tests import samples
from tests.factories import make_employee, make_person, make_pupil, sign_in

PNG = samples.picture()
DAYS = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def private_kind(monkeypatch):
    """Files that only the one who gave them may read."""
    kind = replace(kinds.WORK, title="тетрадь", types=frozenset(kinds.TYPES))
    monkeypatch.setitem(FILE_KINDS._entries, "notebook", kind)
    monkeypatch.setitem(
        FILE_AUTHORISERS._entries, "notebook", lambda person, file: person and person.pk == file.owner_id
    )


def actor(person=None) -> Actor:
    return Actor(person, "10.0.0.7", person.username if person else "команда test")


def upload(content=PNG, name="рисунок.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept(content=PNG, name="рисунок.png", *, kind="notebook", owner=None) -> StoredFile:
    return files.store(upload(content, name), kind=kind, by=actor(owner), owner=owner)


def bytes_on_disk(root) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- types by content ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.clause("3.6")
@pytest.mark.parametrize(("media_type", "sample"), samples.all_sound().items())
def test_every_known_type_is_kept_and_given_back(client, store_folder, media_type, sample):
    name, content = sample
    owner = make_pupil()
    file = kept(content, name, owner=owner)
    found = (file.media_type, file.name, file.size, file.sha256, file.state, file.owner)
    assert found == (media_type, name, len(content), hashlib.sha256(content).hexdigest(), "ready", owner)
    assert (store_folder / file.path).read_bytes() == content
    sign_in(client, owner)
    assert body(client.get(file.get_absolute_url())) == content


def test_the_samples_are_of_all_known_types():
    assert set(samples.all_sound()) == set(kinds.TYPES)


@pytest.mark.parametrize("text", ["Привет, мир", "Привет, мир №1 — «да»", "ASCII", "\ufeffс меткой\r\n\tтабуляция\f"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_texts_of_both_encodings_are_texts(text, encoding):
    content = text.encode(encoding, "ignore")
    assert filetypes.examine(upload(content).file, kinds.DOCUMENT) == "text/plain"


def test_a_letter_on_the_edge_of_two_pieces_is_whole():
    content = ("ы" + "Иё" * 40_000).encode()[1:]
    with pytest.raises(FileRefused):
        filetypes.examine(upload(content).file, kinds.DOCUMENT)
    assert filetypes.examine(upload(b"a" + "Иё".encode() * 40_000).file, kinds.DOCUMENT) == "text/plain"


def test_a_type_of_another_kind_is_named():
    with pytest.raises(FileRefused, match="Это PDF, а здесь принимаются: PNG, JPEG, WebP."):
        filetypes.examine(upload(samples.pdf()).file, kinds.LOGO)


def test_sizes_are_written_in_russian():
    texts = [
        filetypes.size_text(size).replace("\N{NO-BREAK SPACE}", " ") for size in (5, 1536, 20 * 2**20, 1.44 * 2**20)
    ]
    assert texts == ["5 Б", "1,5 КБ", "20 МБ", "1,4 МБ"]


# --- storing ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stored_file_is_audited_without_its_name():
    owner = make_person()
    file = kept(name="Справка Ивановой.png", owner=owner)
    entry = AuditEntry.objects.of(file).get()
    assert (entry.actor, entry.action, entry.address) == (owner, "file.stored", "10.0.0.7")
    assert entry.changes == {
        "name": None, "kind": [None, "notebook"], "media_type": [None, "image/png"], "size": [None, len(PNG)],
    }  # fmt: skip


@pytest.mark.django_db
def test_bytes_lie_under_a_random_name_closed_to_others(store_folder):
    file = kept(name="тайна.png")
    path = store_folder / file.path
    assert bytes_on_disk(store_folder) == [f"{file.key.hex[:2]}/{file.key.hex}"]
    assert path.stat().st_mode & 0o007 == 0
    assert path.parent.stat().st_mode & 0o007 == 0


@pytest.mark.django_db
def test_a_large_file_is_never_whole_in_memory():
    """12 MB pass through with well under a megabyte held."""
    big = TemporaryUploadedFile("a.wav", "audio/wav", 0, None)
    content = samples.wav()
    head = content[:4] + (12_000_036).to_bytes(4, "little") + content[8:40] + (12_000_000).to_bytes(4, "little")
    big.write(head)
    for _ in range(120):
        big.write(bytes(100_000))
    big.size = 12_000_044
    big.seek(0)
    tracemalloc.start()
    file = files.store(big, kind="notebook", by=actor(), owner=None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (file.media_type, file.size) == ("audio/wav", 12_000_044)
    assert peak < 2**20


@pytest.mark.django_db
def test_a_full_disk_leaves_nothing_behind(store_folder):
    """The system refuses to write past 100 KB, as a full disk would."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    content = b"a" * 300_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(FileRefused, match="нет места или диск не отвечает"):
            kept(content, "a.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert bytes_on_disk(store_folder) == []
    assert not StoredFile.objects.exists()
    assert not AuditEntry.objects.exists()
    assert kept(content, "a.txt").size == 300_000


@pytest.mark.django_db
def test_a_store_that_is_not_there_is_a_refusal(settings, tmp_path):
    (tmp_path / "file").write_text("не папка")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    with pytest.raises(FileRefused, match="диск не отвечает"):
        kept()
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_file_of_a_failed_change_is_cleaned_up_later(store_folder):
    with transaction.atomic():
        file = kept()
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert bytes_on_disk(store_folder) == [file.path]
    age(store_folder / file.path)
    call_command("clean_files")
    assert bytes_on_disk(store_folder) == []


@pytest.mark.django_db
def test_an_unknown_kind_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        kept(kind="нет такого")


@pytest.mark.django_db
def test_the_quota_counts_the_files_of_one_person(settings, store_folder):
    settings.FILE_QUOTA_MB = 1
    first, second = make_person(), make_person()
    text = b"a" * 600 * 1024
    kept(text, "a.txt", owner=first)
    with pytest.raises(FileRefused) as refusal:
        kept(text, "a.txt", owner=first)
    said = "Ваши файлы занимают 600 КБ из 1 МБ, этот не помещается. Удалите ненужное."
    assert str(refusal.value).replace("\N{NO-BREAK SPACE}", " ") == said
    kept(text, "a.txt", owner=second)
    kept(text, "a.txt", owner=None)
    assert len(bytes_on_disk(store_folder)) == 3


# --- who may read ----------------------------------------------------------------------------------------------------


@pytest.fixture
def notebook(db) -> StoredFile:
    return kept(b"secret of the owner", "тетрадь.txt", owner=make_pupil(surname="Хозяйкина"))


def test_the_owner_reads(client, notebook):
    sign_in(client, notebook.owner)
    response = client.get(notebook.get_absolute_url())
    assert (response.status_code, body(response)) == (200, b"secret of the owner")
    assert response["Cache-Control"] == "private, no-store"


def test_for_others_there_is_no_such_address(client, notebook):
    """A guest, another pupil, an employee and the director: the same page as for a key that never was."""
    for person in (None, make_pupil(), make_employee(), make_employee(position="director")):
        client.logout()
        if person:
            sign_in(client, person)
        answers = [client.get(f"/files/{key}/") for key in (notebook.key, uuid.uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert "secret" not in answers[0].content.decode()
        assert "тетрадь" not in answers[0].content.decode()


def test_one_who_has_not_passed_the_gate_is_a_guest(client, notebook):
    owner = notebook.owner
    owner.must_change_password = True
    owner.save()
    sign_in(client, owner)
    assert client.get(notebook.get_absolute_url()).status_code == 404


def test_a_kind_without_an_owner_is_closed_even_to_who_gave_it(client, notebook, monkeypatch):
    monkeypatch.delitem(FILE_AUTHORISERS._entries, "notebook")
    sign_in(client, notebook.owner)
    assert client.get(notebook.get_absolute_url()).status_code == 404


def test_a_kind_that_this_release_does_not_know_is_closed(client, notebook, monkeypatch):
    monkeypatch.delitem(FILE_KINDS._entries, "notebook")
    sign_in(client, notebook.owner)
    assert client.get(notebook.get_absolute_url()).status_code == 404


def test_bytes_that_are_missing_are_no_page_of_trouble(client, notebook, store_folder):
    (store_folder / notebook.path).unlink()
    sign_in(client, notebook.owner)
    assert client.get(notebook.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_files_are_only_read_here(client, notebook, method):
    sign_in(client, notebook.owner)
    assert getattr(client, method)(notebook.get_absolute_url()).status_code == 405
    assert StoredFile.objects.filter(pk=notebook.pk).exists()


@pytest.mark.django_db
def test_the_logo_is_open_to_all_and_kept_by_browsers(client):
    logo = kept(kind="logo")
    response = client.get(logo.get_absolute_url())
    assert (response.status_code, body(response)) == (200, PNG)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%D1%80%D0%B8%D1%81")
    assert "Vary" not in response
    assert not response.cookies


@pytest.mark.django_db
def test_the_logo_stands_on_public_pages(client):
    logo = kept(kind="logo")
    SchoolCard.objects.update_or_create(pk=1, defaults={"logo": logo})
    assert f'src="/files/{logo.key}/"' in client.get("/privacy/").content.decode()


# --- headers, ranges, conditions -------------------------------------------------------------------------------------


@pytest.fixture
def alphabet(client, db) -> StoredFile:
    """A text of 26 letters, its owner signed in."""
    owner = make_pupil()
    sign_in(client, owner)
    return kept(b"abcdefghijklmnopqrstuvwxyz", "алфавит.txt", owner=owner)


def test_all_headers_of_a_file(client, alphabet):
    response = client.get(alphabet.get_absolute_url())
    found = {name: response[name] for name in response.headers if name not in ("Last-Modified", "Vary")}
    assert found == {
        "Content-Type": "text/plain",
        "Content-Length": "26",
        "Content-Disposition": "attachment; filename*=utf-8''%D0%B0%D0%BB%D1%84%D0%B0%D0%B2%D0%B8%D1%82.txt",
        "Accept-Ranges": "bytes",
        "ETag": f'"{alphabet.sha256}"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


RANGES = {
    "bytes=0-0": (206, b"a", "bytes 0-0/26"),
    "bytes=0-3": (206, b"abcd", "bytes 0-3/26"),
    "bytes=23-": (206, b"xyz", "bytes 23-25/26"),
    "bytes=23-99": (206, b"xyz", "bytes 23-25/26"),
    "bytes=-3": (206, b"xyz", "bytes 23-25/26"),
    "bytes=-99": (206, b"abcdefghijklmnopqrstuvwxyz", "bytes 0-25/26"),
    "bytes= 1 - 2 ": (206, b"bc", "bytes 1-2/26"),
    "bytes=26-": (416, b"", "bytes */26"),
    "bytes=99-100": (416, b"", "bytes */26"),
    "bytes=-0": (416, b"", "bytes */26"),
    "bytes=3-1": (200, b"abcdefghijklmnopqrstuvwxyz", None),
    "bytes=0-1,3-4": (200, b"abcdefghijklmnopqrstuvwxyz", None),
    "bytes=-": (200, b"abcdefghijklmnopqrstuvwxyz", None),
    "bytes=a-b": (200, b"abcdefghijklmnopqrstuvwxyz", None),
    "bytes=²-": (200, b"abcdefghijklmnopqrstuvwxyz", None),
    "lines=0-1": (200, b"abcdefghijklmnopqrstuvwxyz", None),
    "": (200, b"abcdefghijklmnopqrstuvwxyz", None),
    "bytes=" + "9" * 5000 + "-": (200, b"abcdefghijklmnopqrstuvwxyz", None),
}


@pytest.mark.clause("3.6")
@pytest.mark.parametrize("header", RANGES)
def test_a_part_is_sent_when_asked(client, alphabet, header):
    response = client.get(alphabet.get_absolute_url(), headers={"Range": header})
    status, content, told = RANGES[header]
    assert (response.status_code, body(response), response.get("Content-Range")) == (status, content, told)
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_part_is_sent_only_of_the_file_that_was_begun(client, alphabet):
    whole = client.get(alphabet.get_absolute_url())
    moment = whole["Last-Modified"]
    for condition, status in {
        whole["ETag"]: 206, moment: 206, '"other"': 200, f"W/{whole['ETag']}": 200,
        "Mon, 01 Jan 2001 00:00:00 GMT": 200, "чепуха": 200,
    }.items():  # fmt: skip
        headers = {"Range": "bytes=1-2", "If-Range": condition.encode().decode("latin-1")}
        assert client.get(alphabet.get_absolute_url(), headers=headers).status_code == status


def test_what_the_browser_has_is_not_sent_again(client, alphabet):
    url = alphabet.get_absolute_url()
    whole = client.get(url)
    same = client.get(url, headers={"If-None-Match": whole["ETag"], "Range": "bytes=0-1"})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", whole["ETag"])
    assert client.get(url, headers={"If-Modified-Since": whole["Last-Modified"]}).status_code == 304
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(url, headers={"If-Match": '"other"'}).status_code == 412


def test_head_sends_the_headers_alone(client, alphabet):
    response = client.head(alphabet.get_absolute_url(), headers={"Range": "bytes=0-1"})
    assert (response.status_code, response.content) == (200, b"")
    assert (response["Content-Length"], response["Accept-Ranges"]) == ("26", "bytes")


def test_the_file_is_closed_when_the_visitor_goes_away(rf, alphabet, store_folder):
    path = store_folder / alphabet.path
    file = path.open("rb")
    about = {"size": 26, "tag": "x", "changed": timezone.now()}
    response = file_response(rf.get("/", headers={"Range": "bytes=5-"}), file, **about)
    assert next(iter(response)) == b"fghijklmnopqrstuvwxyz"
    assert not file.closed
    response.close()
    assert file.closed
    for answer in (rf.head("/"), rf.get("/", headers={"Range": "bytes=99-"}), rf.get("/", headers={"If-Match": '"y"'})):
        file = path.open("rb")
        file_response(answer, file, **about)
        assert file.closed


def test_ranges_of_every_size_are_as_python_slices():
    content = bytes(range(10))
    for first in range(10):
        for last in range(first, 14):
            start, end = wanted_range(f"bytes={first}-{last}", 10)
            assert content[start : end + 1] == content[first : last + 1]
    for count in range(1, 14):
        start, end = wanted_range(f"bytes=-{count}", 10)
        assert content[start : end + 1] == content[-count:]
    with pytest.raises(Unsatisfiable):
        wanted_range("bytes=10-", 10)


def test_a_front_server_is_told_where_the_bytes_are(client, alphabet, settings):
    settings.X_ACCEL_PREFIX = "/_files/"
    response = client.get(alphabet.get_absolute_url(), headers={"Range": "bytes=0-1"})
    assert (response.status_code, response.content) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/_files/{alphabet.path}"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    client.logout()
    refused = client.get(alphabet.get_absolute_url())
    assert refused.status_code == 404
    assert "X-Accel-Redirect" not in refused


@pytest.mark.django_db
def test_one_file_costs_few_queries(client, django_assert_max_num_queries):
    owner = make_pupil()
    file = kept(owner=owner)
    sign_in(client, owner)
    with django_assert_max_num_queries(4):
        client.get(file.get_absolute_url())
    logo = kept(kind="logo")
    with django_assert_max_num_queries(2):
        client.get(logo.get_absolute_url())


# --- viruses ---------------------------------------------------------------------------------------------------------

VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"


class Clamd(socketserver.BaseRequestHandler):
    """As much of clamd's protocol as the portal speaks; what it heard is kept for the test."""

    def handle(self):
        link = self.request.makefile("rb")
        assert link.read(10) == b"zINSTREAM\0"
        heard = b""
        while length := int.from_bytes(link.read(4), "big"):
            heard += link.read(length)
            if self.server.most and len(heard) > self.server.most:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.heard.append(heard)
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in heard else b"stream: OK\0")


@contextmanager
def clamd(address, family=socket.AF_INET, most=0):
    class Server(socketserver.ThreadingTCPServer):
        address_family, daemon_threads = family, True

    with Server(address, Clamd) as server:
        server.heard, server.most = [], most
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def scanner(settings):
    with clamd(("127.0.0.1", 0)) as server:
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield server


@pytest.mark.django_db
@pytest.mark.clause("12.3")
def test_a_virus_is_refused_and_told_of(scanner, store_folder, caplog):
    person = make_person()
    with pytest.raises(FileRefused, match="В файле найден вирус"):
        kept(VIRUS, "a.txt", owner=person)
    assert not StoredFile.objects.exists()
    assert bytes_on_disk(store_folder) == []
    entry = AuditEntry.objects.of(person).get()
    assert (entry.action, entry.basis, entry.address) == ("file.infected", "Eicar-Test-Signature", "10.0.0.7")
    assert "Eicar-Test-Signature" in caplog.text


@pytest.mark.django_db
def test_a_clean_file_is_heard_whole(scanner):
    content = b"a" * 200_000
    assert kept(content, "a.txt").state == "ready"
    assert scanner.heard == [content]


@pytest.mark.django_db
def test_the_scanner_may_stand_behind_a_socket_of_the_system(settings, tmp_path):
    path = str(tmp_path / "clamd")
    with clamd(path, socket.AF_UNIX):
        for address in (path, f"unix:{path}"):
            settings.CLAMD = address
            assert kept(b"a", "a.txt").state == "ready"
            with pytest.raises(FileRefused, match="вирус"):
                kept(VIRUS, "a.txt")


def nowhere() -> str:
    """An address of this computer where nobody answers."""
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{link.getsockname()[1]}"


@pytest.mark.django_db
def test_without_an_answer_the_file_waits_and_is_shown_to_nobody(settings, client, caplog):
    owner = make_pupil()
    for address in (nowhere(), "/нет/такого", "чепуха", "127.0.0.1:порт"):
        settings.CLAMD = address
        file = kept(b"not looked through", "a.txt", owner=owner)
        assert file.state == "waiting"
        sign_in(client, owner)
        response = client.get(file.get_absolute_url())
        assert response.status_code == 409
        assert "Файл ждёт проверки на вирусы" in response.content.decode()
        assert "not looked through" not in response.content.decode()
        client.logout()
        assert client.get(file.get_absolute_url()).status_code == 404
    assert "a file waits for the virus scanner" in caplog.text


@pytest.mark.django_db
def test_a_file_too_large_for_the_scanner_waits(settings):
    with clamd(("127.0.0.1", 0), most=1000) as server:
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        assert kept(b"a" * 5000, "a.txt").state == "waiting"


@pytest.mark.django_db
def test_waiting_files_are_looked_through_later(settings, client, capsys):
    settings.CLAMD = nowhere()
    owner = make_pupil()
    clean, infected = kept(b"clean", "a.txt", owner=owner), kept(VIRUS, "b.txt", owner=owner)
    with pytest.raises(CommandError, match="Проверено файлов: 0, с вирусами: 0, не удалось проверить: 2."):
        call_command("scan_files")
    with clamd(("127.0.0.1", 0)) as server:
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        call_command("scan_files")
    assert capsys.readouterr().out == "Проверено файлов: 2, с вирусами: 1, не удалось проверить: 0.\n"
    sign_in(client, owner)
    assert body(client.get(clean.get_absolute_url())) == b"clean"
    refused = client.get(infected.get_absolute_url())
    assert refused.status_code == 409
    assert "не прошёл проверку на вирусы" in refused.content.decode()
    entry = AuditEntry.objects.of(infected).first()
    found = (entry.actor_label, entry.action, entry.changes, entry.basis)
    assert found == ("команда scan_files", "file.scanned", {"state": ["waiting", "refused"]}, "Eicar-Test-Signature")


@pytest.mark.django_db
def test_all_files_may_be_looked_through_anew(settings, capsys):
    file = kept(VIRUS, "a.txt")
    assert file.state == "ready"
    with clamd(("127.0.0.1", 0)) as server:
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        call_command("scan_files")
        call_command("scan_files", all=True)
    assert capsys.readouterr().out.splitlines() == [
        "Проверено файлов: 0, с вирусами: 0, не удалось проверить: 0.",
        "Проверено файлов: 1, с вирусами: 1, не удалось проверить: 0.",
    ]
    file.refresh_from_db()
    assert file.state == "refused"


def test_without_a_scanner_the_command_says_so():
    with pytest.raises(CommandError, match="Проверка на вирусы не настроена"):
        call_command("scan_files")


# --- clean-up --------------------------------------------------------------------------------------------------------


def age(path, days=2) -> None:
    moment = timezone.now().timestamp() - days * 86400
    os.utime(path, (moment, moment))


def make_old(file: StoredFile) -> StoredFile:
    StoredFile.objects.filter(pk=file.pk).update(created_at=timezone.now() - 2 * DAYS)
    return file


@pytest.fixture
def littered(db, store_folder) -> dict[str, StoredFile]:
    """A logo in use, a fresh file, an old one that nobody needs, stray bytes and a draft; foreign files beside."""
    logo = make_old(kept(kind="logo"))
    SchoolCard.objects.update_or_create(pk=1, defaults={"logo": logo})
    fresh, unneeded = kept(b"fresh", "f.txt"), make_old(kept(b"a" * 1000, "u.txt"))
    for name in ("ab/" + "ab" * 16, "cd/" + "cd" * 16, ".drafts/" + "0" * 32, "ab/readme.txt", "zz/" + "ab" * 16):
        (store_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (store_folder / name).write_bytes(b"12345")
        age(store_folder / name)
    age(store_folder / "cd" / ("cd" * 16), days=0.5)
    for path in (logo.path, fresh.path, unneeded.path):
        age(store_folder / path)
    return {"logo": logo, "fresh": fresh, "unneeded": unneeded}


LINE = "никому не нужных файлов 1, содержимого без записей 1, черновиков 1; "


def test_what_nobody_needs_is_removed(littered, store_folder, capsys):
    call_command("clean_files")
    assert capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ") == f"Убрано: {LINE}освободилось 1010 Б.\n"
    assert set(StoredFile.objects.all()) == {littered["logo"], littered["fresh"]}
    assert set(bytes_on_disk(store_folder)) == {
        littered["logo"].path, littered["fresh"].path, "cd/" + "cd" * 16, "ab/readme.txt", "zz/" + "ab" * 16,
    }  # fmt: skip
    removed = AuditEntry.objects.filter(action="file.removed").order_by("pk")
    assert [(entry.object_id, entry.actor_label, entry.basis) for entry in removed] == [
        (str(littered["unneeded"].key), "команда clean_files", "Не нужен"),
        (str(uuid.UUID("ab" * 16)), "команда clean_files", "Содержимое без записи"),
    ]


def test_a_second_cleaning_finds_nothing(littered, capsys):
    call_command("clean_files")
    capsys.readouterr()
    call_command("clean_files")
    assert capsys.readouterr().out.startswith(
        "Убрано: никому не нужных файлов 0, содержимого без записей 0, черновиков 0"
    )


def test_a_dry_run_touches_nothing(littered, store_folder, capsys):
    before = bytes_on_disk(store_folder)
    entries = AuditEntry.objects.count()
    call_command("clean_files", dry_run=True)
    assert capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ") == f"Можно убрать: {LINE}освободится 1010 Б.\n"
    assert bytes_on_disk(store_folder) == before
    assert (StoredFile.objects.count(), AuditEntry.objects.count()) == (3, entries)


@pytest.mark.django_db
def test_cleaning_an_empty_store(capsys):
    assert file_cleaning.clean(by=Actor.command("test")) == file_cleaning.Cleaned()


@pytest.mark.django_db
def test_every_foreign_key_to_files_keeps_them():
    """The list of what keeps a file is made from the models: nobody has to remember it."""
    found = {(field.related_model, field.field.name) for field in _relations()}
    scans = {(Order, "scan"), (Consent, "scan"), (Training, "scan")}
    assert found >= {(SchoolCard, "logo"), (RegistrationSheet, "source"), *scans}


# --- the form field --------------------------------------------------------------------------------------------------


class LogoForm(forms.Form):
    logo = StoredFileField("logo", label="Логотип", required=False)


def cleaned(content=None, name="a.png", *, initial=None, data=None):
    given = {"logo": upload(content, name)} if content is not None else {}
    form = LogoForm(data or {}, given, initial={"logo": initial})
    return form.cleaned_data["logo"] if form.is_valid() else form.errors["logo"][0]


def test_the_field_takes_what_fits():
    taken = cleaned(PNG)
    assert taken.read() == PNG


def test_the_field_tells_what_is_wrong():
    assert cleaned(b"<svg/>") == "Веб-страницы, рисунки SVG и файлы XML не принимаются: сохраните как PDF или PNG."
    assert cleaned(samples.pdf()) == "Это PDF, а здесь принимаются: PNG, JPEG, WebP."
    assert cleaned(b"a" * (2 * 2**20 + 1)).startswith("Файл больше")
    assert cleaned(b"") == "Отправленный файл пуст."


@pytest.mark.django_db
def test_the_field_keeps_or_takes_away_what_stands():
    logo = kept(kind="logo")
    assert cleaned(initial=logo) == logo
    assert cleaned(initial=logo, data={"logo-clear": "on"}) is False
    assert cleaned() is None


@pytest.mark.django_db
def test_what_the_field_gave_is_settled():
    logo = kept(kind="logo")
    options = {"kind": "logo", "by": actor(), "owner": None}
    assert files.settle(logo, logo, **options) == logo
    assert files.settle(None, None, **options) is None
    assert files.settle(logo, False, **options) is None
    new = files.settle(logo, upload(), **options)
    assert new != logo
    assert StoredFile.objects.filter(pk=new.pk, kind="logo").exists()


@pytest.mark.django_db
def test_the_field_shows_the_file_its_limits_and_its_types():
    logo = kept(kind="logo", name="Герб.png")
    html = engines["django"].from_string("{{ form }}").render({"form": LogoForm(initial={"logo": logo})})
    assert f'<a href="/files/{logo.key}/">Герб.png</a>' in html
    assert 'accept=".png,.jpg,.jpeg,.webp"' in html
    assert "PNG, JPEG, WebP, не больше 2\N{NO-BREAK SPACE}МБ." in html
    assert 'name="logo-clear"' in html
