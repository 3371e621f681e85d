"""A file as an answer: piece by piece, with HTTP Range and conditional requests (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe, quote_etag

_CHUNK = 128 * 1024
_RANGE = re.compile(r"bytes=\s*(\d{0,20})\s*-\s*(\d{0,20})\s*", re.ASCII)


class Unsatisfiable(ValueError):
    """The range begins beyond the end of the file."""


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte (inclusive) of a single range; None where the whole file is to be sent.

    What can't be understood, and several ranges at once, are passed over, as the RFC allows. Raises Unsatisfiable.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        if not int(last):
            raise Unsatisfiable
        return max(size - int(last), 0), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last), size - 1) if last else size - 1


def file_response(request: HttpRequest, file: BinaryIO, *, size: int, tag: str, changed: datetime) -> HttpResponseBase:
    """The open file, or as much of it as was asked; the answer closes the file. `tag` changes with the content."""
    etag, moment = quote_etag(tag), int(changed.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=moment)
    if response is None:
        response = _answer(request, file, size, etag, moment)
    if not response.streaming:
        file.close()
    response["ETag"] = etag
    response["Last-Modified"] = http_date(moment)
    response["Accept-Ranges"] = "bytes"
    return response


def _answer(request: HttpRequest, file: BinaryIO, size: int, etag: str, moment: int) -> HttpResponseBase:
    try:
        part = wanted_range(_range_header(request, etag, moment), size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    headers = {"Content-Length": str(last - first + 1)}
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    return StreamingHttpResponse(_Part(file, first, last - first + 1), status=206 if part else 200, headers=headers)


def _range_header(request: HttpRequest, etag: str, moment: int) -> str:
    """The range asked for, unless it is one of a file that has changed since (If-Range)."""
    condition = request.headers.get("If-Range", "").strip()
    if request.method != "GET" or (condition and condition != etag and parse_http_date_safe(condition) != moment):
        return ""
    return request.headers.get("Range", "")


class _Part:
    """Bytes of a file from a place on; Django closes it with the answer, read to the end or not."""

    def __init__(self, file: BinaryIO, first: int, length: int):
        self.file, self.first, self.length = file, first, length

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.first)
        left = self.length
        while left and (chunk := self.file.read(min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()
