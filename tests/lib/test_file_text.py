"""Words of files: PDF and DOCX are read apart, broken and hostile ones give nothing."""

import io
import zipfile

import pytest

from eios.lib import file_text
from eios.lib.file_text import DOCX, PDF, TEXT

BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def docx(body: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
    return file.getvalue()


def pdf(words: str) -> bytes:
    """One page with these Latin words; without them, a scan."""
    content = f"BT /F1 12 Tf 20 50 Td ({words}) Tj ET".encode() if words else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + one + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


PARAGRAPHS = (
    "<w:p><w:r><w:t>Порядок </w:t></w:r><w:r><w:t>входа</w:t></w:r></w:p><w:p><w:r><w:t>Калитка</w:t></w:r></w:p>"
)
BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">{}]>'.format(
    "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "&a;") * 10}">' for n in range(10))
)


@pytest.mark.parametrize(
    ("data", "media_type", "words"),
    [
        (docx(BODY.format(PARAGRAPHS)), DOCX, "Порядок входа Калитка"),
        (docx(BODY.format("")), DOCX, ""),
        (docx(BOMB + BODY.format("<w:p><w:t>&a9;</w:t></w:p>")), DOCX, ""),
        (docx("<not closed"), DOCX, ""),
        (b"PK\x03\x04 no archive", DOCX, ""),
        (pdf("Gate rules"), PDF, "Gate rules"),
        (pdf(""), PDF, ""),
        (b"%PDF-1.4 broken", PDF, ""),
        ("Калитка\n".encode(), TEXT, "Калитка\n"),
        (b"\x89PNG", "image/png", ""),
    ],
    ids=["docx", "empty docx", "bomb", "broken xml", "broken docx", "pdf", "scan", "broken pdf", "text", "picture"],
)
def test_words_of_files(data, media_type, words):
    assert file_text.read(data, media_type) == words
