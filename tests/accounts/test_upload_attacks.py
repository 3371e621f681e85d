"""What an attacker may send for a file: each is refused in clear words, or kept and served so that it is inert."""

import io
import struct
import threading
import tracemalloc
import zipfile
import zlib
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.actions import files
from accounts.actor import Actor
from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import AuditEntry, StoredFile
from eios.lib.filetypes import FileRefused, kinds, office
from tests import samples
from tests.factories import make_person
from tests.samples import JAVASCRIPT, pdf, picture, zipped

pytestmark = pytest.mark.django_db
KIB = 1024
# A kind that takes every type, so that nothing is refused merely for being unwanted.
ANY = replace(kinds.WORK, title="что угодно", types=frozenset(kinds.TYPES), max_bytes=512 * KIB, max_pixels=1_000_000)


@pytest.fixture(autouse=True)
def any_kind(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setitem(FILE_KINDS._entries, "any", ANY)
    monkeypatch.setitem(FILE_AUTHORISERS._entries, "any", lambda person, file: True)


def give(name: str, content: bytes, declared: str = "image/png", owner=None) -> StoredFile:
    upload = SimpleUploadedFile("x", content, declared)
    # What a client may say outside of Django's own cleaning of multipart names.
    upload._name = name
    return files.store(upload, kind="any", by=Actor.command("test"), owner=owner)


def lying_zip(size: int, **declared) -> bytes:
    """A document whose part says another size, checksum or method than it has."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", samples.contents_of("docx"))
        archive.writestr("main.xml", bytes(size))
        entry = archive.infolist()[1]
        for name, value in declared.items():
            setattr(entry, name, value)
    return out.getvalue()


def encrypted_zip(in_list: bool) -> bytes:
    """The sign of a password in the list of contents, or only before the part itself."""
    content = bytearray(samples.office())
    place = content.rindex(b"PK\x01\x02") + 8 if in_list else content.rindex(b"PK\x03\x04") + 6
    content[place] |= 1
    return bytes(content)


def link_entry() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("word/media/image1.png")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return entry


def overlapping_zip() -> bytes:
    """Many names in the list of contents for one and the same part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", samples.contents_of("docx"))
        archive.writestr("a", samples.picture(size=(300, 300)))
        for name in "bcdefgh":
            copy = zipfile.ZipInfo(name)
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(copy, field, getattr(archive.infolist()[1], field))
            archive.filelist.append(copy)
    return out.getvalue()


def long_list_zip() -> bytes:
    """Hundreds of thousands of entries would fill the memory already when listed; here the end says so."""
    content = bytearray(samples.office())
    place = content.rindex(b"PK\x05\x06")
    content[place + 8 : place + 16] = struct.pack("<HHL", 65000, 65000, 40 * KIB * KIB)
    return bytes(content)


def zip64_end() -> bytes:
    content = samples.office()
    place = content.rindex(b"PK\x05\x06")
    return content[:place] + b"PK\x06\x07" + bytes(16) + content[place:]


def object_stream(inside: bytes) -> bytes:
    return pdf(stream=zlib.compress(inside), about=b"/Type /ObjStm /Filter /FlateDecode")


def rar_inside() -> bytes:
    return with_part("word/media/image1.png", b"Rar!\x1a\x07\x00" + bytes(100))


def with_part(name, content) -> bytes:
    return samples.office(extra={name: content})


def of_type(contents: str) -> bytes:
    return zipped({"[Content_Types].xml": contents})


def bomb(size: int) -> bytes:
    return with_part("word/document.xml", bytes(size))


def gif_of(width: int, height: int, frame: int = 0) -> bytes:
    """A GIF that declares this size, or has a frame larger than itself."""
    content = bytearray(picture("GIF", mode="P"))
    content[6:10] = struct.pack("<HH", width, height)
    if frame:
        place = content.index(b",\x00\x00\x00\x00")
        content[place + 5 : place + 9] = struct.pack("<HH", frame, frame)
    return bytes(content)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><script>alert(document.cookie)</script>"
LIMIT = ANY.max_bytes
UTF16 = HTML.decode().encode("utf-16")

# What it is: (name, bytes, a part of what is said).
REFUSED = {
    # pages and drawings that run in a browser
    "svg": ("logo.svg", SVG, "SVG"),
    "svg named png": ("logo.png", SVG, "SVG"),
    "svg after blank lines": ("logo.png", b"\n \t" + SVG, "SVG"),
    "svg after a byte order mark": ("logo.png", b"\xef\xbb\xbf" + SVG, "SVG"),
    "html": ("page.html", HTML, "Веб-страницы"),
    "html named jpg": ("photo.jpg", HTML, "Веб-страницы"),
    "html in upper case": ("a.txt", HTML.upper(), "Веб-страницы"),
    "html that begins with a comment": ("a.txt", b"<!-- -->" + HTML, "Веб-страницы"),
    "html in utf-16": ("a.txt", UTF16, "UTF-16"),
    "xml with an outside entity": ("a.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "XML"),
    "mathml page": ("a.xhtml", b"<math href='javascript:alert(1)'>x</math>", "Веб-страницы"),
    # programs
    "windows program": ("a.exe", b"MZ\x90\x00" + bytes(500), "Программы"),
    "windows program named pdf": ("a.pdf", b"MZ\x90\x00" + bytes(500), "Программы"),
    "linux program": ("a", b"\x7fELF\x02\x01" + bytes(500), "Программы"),
    "shortcut": ("a.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(90), "Такие файлы не принимаются"),
    "flash": ("a.swf", b"FWS\x0a" + bytes(90), "Такие файлы не принимаются"),
    # archives
    "zip": ("a.zip", zipped({"a.txt": "привет"}), "архивы не принимаются"),
    "zip named docx": ("a.docx", zipped({"a.txt": "привет"}), "архивы не принимаются"),
    "java archive": ("a.jar", zipped({"META-INF/MANIFEST.MF": "Main-Class: A"}), "архивы не принимаются"),
    "rar": ("a.rar", b"Rar!\x1a\x07\x00" + bytes(90), "архивы не принимаются"),
    "7z": ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(90), "архивы не принимаются"),
    "gzip": ("a.gz", zlib.compress(b"a", wbits=31), "архивы не принимаются"),
    "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "DOCX"),
    "rtf with an object": ("a.rtf", b"{\\rtf1 {\\object\\objdata 0105}}", "RTF"),
    # office documents
    "zip bomb": ("a.docx", bomb(20 * KIB * KIB), "слишком большой объём"),
    "zip bomb of endless size": ("a.docx", lying_zip(9, file_size=office.MOST_UNPACKED + 1), "слишком большой объём"),
    "zip bomb that lies": ("a.docx", lying_zip(20 * KIB * KIB, file_size=1000), "слишком большой объём"),
    "part that declares more": ("a.docx", lying_zip(10_000, file_size=20_000), "повреждён"),
    "part with another checksum": ("a.docx", lying_zip(10_000, CRC=7), "повреждён"),
    "part packed in an odd way": ("a.docx", lying_zip(10_000, compress_type=zipfile.ZIP_LZMA), "повреждён"),
    "parts over one another": ("a.docx", overlapping_zip(), "слишком большой объём"),
    "too many parts": ("a.docx", samples.office(extra={f"{n}": "" for n in range(5100)}), "слишком большой объём"),
    "endless list of contents": ("a.docx", long_list_zip(), "слишком большой объём"),
    "zip64": ("a.docx", zip64_end(), "слишком большой объём"),
    "archive inside": ("a.docx", with_part("word/a.bin", zipped({"a": "b"})), "спрятан архив"),
    "rar inside": ("a.docx", rar_inside(), "спрятан архив"),
    "archive among embeddings": ("a.docx", with_part("word/embeddings/a.zip", zipped({"a": "b"})), "спрятан архив"),
    "symbolic link inside": ("a.docx", with_part(link_entry(), "/etc/passwd"), "чужой файл"),
    "path up": ("a.docx", with_part("../../evil.txt", "a"), "чужой файл"),
    "path up within": ("a.docx", with_part("word/../../evil.txt", "a"), "чужой файл"),
    "path from the root": ("a.docx", with_part("/etc/cron.d/a", "a"), "чужой файл"),
    "path of a drive": ("a.docx", with_part("C:evil.txt", "a"), "чужой файл"),
    "path with backslashes": ("a.docx", with_part("..\\evil.txt", "a"), "чужой файл"),
    "password in the list": ("a.docx", encrypted_zip(in_list=True), "паролем"),
    "password before the part": ("a.docx", encrypted_zip(in_list=False), "паролем"),
    "macros": ("a.docx", with_part("word/vbaProject.bin", b"\xd0\xcf"), "макросы"),
    "macros by type": ("a.docx", of_type("application/vnd.ms-word.document.macroEnabled.main+xml"), "макросы"),
    "macros of opendocument": ("a.odt", samples.opendocument(extra={"Basic/Standard/Module1.xml": "<x/>"}), "макросы"),
    "two types at once": ("a.docx", of_type(samples.contents_of("docx") + samples.contents_of("xlsx")), "архивы"),
    "document cut short": ("a.docx", samples.office()[:-30], "повреждён"),
    "document without its beginning": ("a.docx", b"PK\x03\x04" + samples.office()[60:], "повреждён"),
    # pictures
    "pixel bomb": ("a.png", samples.png_of(50_000, 50_000), "миллионов точек"),
    "pixel bomb of webp": ("a.webp", samples.webp_of(16_000, 16_000), "миллионов точек"),
    "pixel bomb of gif": ("a.gif", gif_of(60_000, 60_000), "миллионов точек"),
    "pixel bomb in a frame of gif": ("a.gif", gif_of(10, 10, frame=60_000), "миллионов точек"),
    "picture over the limit of pixels": ("a.png", samples.png_of(1001, 1000), "миллионов точек"),
    "picture without pixels": ("a.png", samples.png_of(0, 10), "повреждён"),
    "png cut short": ("a.png", picture()[:-20], "повреждён"),
    "png changed on the way": ("a.png", picture()[:60] + b"\x00\x00" + picture()[62:], "повреждён"),
    "jpeg cut short": ("a.jpg", picture("JPEG", (300, 300))[:-4000], "повреждён"),
    "webp cut short": ("a.webp", picture("WEBP", (300, 300))[:-400], "повреждён"),
    "gif cut short": ("a.gif", picture("GIF", (300, 300), "P")[:-9000], "повреждён"),
    "only the first bytes of a png": ("a.png", b"\x89PNG\r\n\x1a\n", "повреждён"),
    "only the first bytes of a jpeg": ("a.jpg", b"\xff\xd8\xff\xe0", "повреждён"),
    "heic": ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(90), "JPEG"),
    "tiff": ("a.tif", b"II*\x00" + bytes(90), "TIFF"),
    # PDF
    "pdf with a script": ("a.pdf", pdf(JAVASCRIPT), "сценарий"),
    "pdf with a script in a disguised name": ("a.pdf", pdf(b"<< /S /J#61vaScript /#4aS (x) >>"), "сценарий"),
    "pdf with a script among packed objects": ("a.pdf", object_stream(b"<< /S /JavaScript /JS (x) >>"), "сценарий"),
    "pdf that starts a program": ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>"), "сценарий"),
    "pdf with flash": ("a.pdf", pdf(b"<< /Subtype /RichMedia >>"), "сценарий"),
    "pdf with a script after a stream without end": ("a.pdf", pdf() + b"stream\n" + JAVASCRIPT + b"%%EOF", "сценарий"),
    "pdf cut short": ("a.pdf", pdf(stream=bytes(5000))[:-100], "повреждён"),
    "pdf after other bytes": ("a.pdf", b"GIF89a" + pdf(), "повреждён"),
    # sound and video
    "video cut short": ("a.mp4", samples.mp4()[:-100], "повреждён"),
    "video without tracks": ("a.mp4", samples.mp4(b"text"), "повреждён"),
    "video of many empty boxes": ("a.mp4", samples.mp4() + b"\x00\x00\x00\x08free" * 60_000, "повреждён"),
    "mov": ("a.mp4", samples.mp4(brand=b"qt  "), "MP4"),
    "mkv": ("a.webm", samples.webm(b"matroska"), "MKV"),
    "webm cut short": ("a.webm", samples.webm()[:-50], "повреждён"),
    "sound cut short": ("a.wav", samples.wav()[:-100], "повреждён"),
    "ogg cut short": ("a.ogg", samples.ogg()[:-5], "повреждён"),
    "ogg with something else": ("a.ogg", samples.ogg(b"\x80theora"), "Ogg"),
    "tag of mp3 with a page behind": ("a.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00" + HTML, "повреждён"),
    # sizes and bytes
    "nothing": ("a.txt", b"", "Файл пуст"),
    "one byte over the limit": ("a.txt", b"a" * (LIMIT + 1), "Файл больше"),
    "bytes that mean nothing": ("a.bin", bytes(range(256)) * 4, "Такие файлы не принимаются"),
    "text with NUL": ("a.txt", b"abc\x00def", "Такие файлы не принимаются"),
    "text with control characters": ("a.txt", b"abc\x1b[2Jdef", "Такие файлы не принимаются"),
    "text of no encoding": ("a.txt", b"\x98\x98 text", "Такие файлы не принимаются"),
}  # fmt: skip


@pytest.mark.clause("12.3")
@pytest.mark.parametrize("attack", REFUSED)
def test_the_attack_is_refused(attack, settings):
    name, content, said = REFUSED[attack]
    with pytest.raises(FileRefused) as refusal:
        give(name, content)
    assert said in str(refusal.value)
    assert str(refusal.value)[0].isupper()
    assert not StoredFile.objects.exists()
    assert not AuditEntry.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


JPEG_WITH_PAGE = picture("JPEG", comment=HTML)
PNG_THEN_PAGE = picture() + HTML
TEXT = b"alert(document.cookie)"
HYPHENS = "Приказ №5 от 01.09.2025"

# What it is: (name, bytes, declared type, the type it is served under, the name it is saved under).
INERT = {
    "page hidden in a jpeg": ("a.html", JPEG_WITH_PAGE, "text/html", "image/jpeg", "a.jpg"),
    "page behind a png": ("a.png", PNG_THEN_PAGE, "text/html", "image/png", "a.png"),
    "archive behind a jpeg": ("a.jar", picture("JPEG") + zipped({"A.class": "x"}), "", "image/jpeg", "a.jpg"),
    "pdf and page in one": ("a.html", pdf(b"%" + HTML + b"\n"), "text/html", "application/pdf", "a.pdf"),
    "picture that says it is a page": ("a.png", picture(), "text/html", "image/png", "a.png"),
    "picture that says it is a script": ("a.js", picture("GIF", mode="P"), "text/javascript", "image/gif", "a.gif"),
    "script": ("a.js", TEXT, "text/javascript", "text/plain", "a.txt"),
    "php": ("shell.php", b"# <?php system($_GET[0]);", "", "text/plain", "shell.txt"),
    "page inside a text": ("a.html", b"text " + HTML, "text/html", "text/plain", "a.txt"),
    "htaccess": (".htaccess", b"AddType text/html .txt", "", "text/plain", "htaccess.txt"),
    "double ending": ("отчёт.pdf.html", pdf(), "text/html", "application/pdf", "отчёт.pdf"),
    "double ending of a program": ("отчёт.pdf.exe", pdf(), "", "application/pdf", "отчёт.pdf"),
    "endings in any case": ("a.PdF.ExE", pdf(), "", "application/pdf", "a.pdf"),
    "formula": ("a.csv", b"=cmd|' /C calc'!A0", "text/csv", "text/plain", "a.csv"),
    "hidden scripts of an encrypted pdf": ("a.pdf", pdf(about=b"/Encrypt 5 0 R"), "", "application/pdf", "a.pdf"),
    "workbook embedded in slides": (
        "a.pptx", samples.office("pptx", {"ppt/embeddings/Book1.xlsx": samples.office("xlsx")}), "",
        samples.MAIN_PARTS["pptx"], "a.pptx",
    ),
    "path up": ("../../../etc/passwd.png", picture(), "", "image/png", "passwd.png"),
    "path of Windows": ("C:\\Windows\\System32\\a.png", picture(), "", "image/png", "a.png"),
    "only a path": ("../../", picture(), "", "image/png", "файл.png"),
    "nothing for a name": ("", picture(), "", "image/png", "файл.png"),
    "only dots": ("...", picture(), "", "image/png", "файл.png"),
    "NUL": ("a.png\x00.html", picture(), "", "image/png", "a.png"),
    "turned writing": ("отчёт\u202egnp.exe", picture(), "", "image/png", "отчётgnp.png"),
    "unseen letters": ("a\u200b\u2066\ufeff.png", picture(), "", "image/png", "a.png"),
    "new lines in a header": ("a\r\nSet-Cookie: x=1.png", picture(), "", "image/png", "aSet-Cookie_ x=1.png"),
    "quotes": ('a"; filename="b.exe', picture(), "", "image/png", "a_; filename=_b.png"),
    "tags": ("<script>alert(1)</script>.png", picture(), "", "image/png", "script_.png"),
    "reserved name": ("CON.png", picture(), "", "image/png", "_CON.png"),
    "reserved name with endings": ("lpt1.x.txt", TEXT, "", "text/plain", "_lpt1.x.txt"),
    "reserved name with a small digit": ("com¹.txt", TEXT, "", "text/plain", "_com¹.txt"),
    "reserved name with blanks": ("nul .txt", TEXT, "", "text/plain", "_nul.txt"),
    "dots and blanks at the end": ("a.png. . ", picture(), "", "image/png", "a.png"),
    "300 characters": ("я" * 300 + ".png", picture(), "", "image/png", "я" * 196 + ".png"),
    "300 endings": ("a" + ".exe" * 75, picture(), "", "image/png", "a.png"),
    "halves of letters": ("a\ud800.png", picture(), "", "image/png", "a.png"),
    "letters in two parts": ("и\u0306.png", picture(), "", "image/png", "й.png"),
    "dots that are no ending": (f"{HYPHENS}.pdf", pdf(), "", "application/pdf", f"{HYPHENS}.pdf"),
    "exactly the limit": ("a.txt", b"a" * LIMIT, "", "text/plain", "a.txt"),
}  # fmt: skip


@pytest.mark.clause("12.3")
@pytest.mark.parametrize("attack", INERT)
def test_the_attack_is_served_inert(attack, client):
    name, content, declared, media_type, kept = INERT[attack]
    file = give(name, content, declared or "application/octet-stream")
    assert (file.name, file.media_type, file.size) == (kept, media_type, len(content))
    assert len(file.name) <= 200
    assert file.path == f"{file.key.hex[:2]}/{file.key.hex}"
    response = client.get(file.get_absolute_url())
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == media_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    way = "inline" if media_type.startswith(("image/", "audio/", "video/")) else "attachment"
    assert response["Content-Disposition"].split(";")[0] == way
    assert "\n" not in response["Content-Disposition"]


def test_there_are_enough_attacks():
    assert len(REFUSED) + len(INERT) >= 60


def test_a_bomb_is_refused_at_once_and_with_little_memory():
    """The unpacked megabytes are counted, not kept (tracemalloc sees all that Python and zlib hold)."""
    content = lying_zip(60 * KIB * KIB, file_size=1000)
    tracemalloc.start()
    with pytest.raises(FileRefused):
        give("a.docx", content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * KIB * KIB


@pytest.mark.django_db(transaction=True)
def test_uploads_at_once_do_not_get_past_the_quota(settings):
    """Ten uploads of 100 KB at the same time on a quota of one megabyte that has room for five."""
    settings.FILE_QUOTA_MB = 1
    owner = make_person()
    for _ in range(5):
        give("a.txt", b"a" * 100 * KIB, owner=owner)
    start, told = threading.Barrier(10), []

    def run():
        try:
            start.wait()
            give("a.txt", b"a" * 100 * KIB, owner=owner)
            told.append("принят")
        except FileRefused as error:
            told.append(str(error)[:20])
        finally:
            connection.close()

    uploads = [threading.Thread(target=run) for _ in range(10)]
    for upload in uploads:
        upload.start()
    for upload in uploads:
        upload.join()
    assert sorted(told) == ["Ваши файлы занимают "] * 5 + ["принят"] * 5
    assert StoredFile.objects.bytes_of(owner) == 10 * 100 * KIB
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 10
