"""Stored files on their way out: to whom the owner's app lets, and so that nothing in them runs."""

import logging
import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from accounts.file_access import may_read
from accounts.hints import FILE_KINDS, FILE_OPENINGS
from accounts.models import StoredFile
from accounts.visitor import visitor_of
from eios.lib.access import public
from eios.lib.filetypes import FileKind
from eios.lib.streaming import file_response

log = logging.getLogger(__name__)
YEAR = 60 * 60 * 24 * 365


@public
@require_safe
def file(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """A stored file; for those who may not read it there is no such address."""
    found = StoredFile.objects.filter(pk=key).first()
    if found is None or found.kind not in FILE_KINDS:
        raise Http404
    rules = FILE_KINDS[found.kind]
    is_public = (rules.is_shared or rules.is_kept_if_public) and may_read(None, found)
    # Of a shared file nobody asks who looks: the answer is one for all, and may be kept by all.
    if not is_public and (rules.is_shared or not may_read(visitor_of(request), found)):
        raise Http404
    if found.is_ready and found.kind in FILE_OPENINGS:
        FILE_OPENINGS[found.kind](found, page=request.path, by=Actor.of(request))
    response = sent(request, found)
    response["Cache-Control"] = _keeping(rules, is_public=is_public)
    return response


def sent(request: HttpRequest, found: StoredFile) -> HttpResponseBase:
    """The file to one of whom its page knows that it may be read, by a secret link too; kept by nobody."""
    if not found.is_ready:
        return render(request, "accounts/file_unready.html", {"file": found}, status=409)
    response = _with_safe_headers(_body(request, found), found, FILE_KINDS[found.kind])
    response["Cache-Control"] = _keeping(FILE_KINDS[found.kind], is_public=False)
    return response


def _keeping(rules: FileKind, *, is_public: bool) -> str:
    """What is closed leaves nothing in a browser that somebody else will sit at."""
    if rules.is_shared:
        return f"public, max-age={YEAR}, immutable"
    return "private, no-cache" if is_public else "private, no-store"


def _body(request: HttpRequest, found: StoredFile) -> HttpResponseBase:
    """The bytes, or word to the front server where to find them (it then minds Range and conditions itself)."""
    if settings.X_ACCEL_PREFIX:
        return HttpResponse(headers={"X-Accel-Redirect": f"{settings.X_ACCEL_PREFIX.rstrip('/')}/{found.path}"})
    try:
        opened = open(settings.MEDIA_ROOT / found.path, "rb")  # noqa: SIM115 - the answer closes it
    except FileNotFoundError as error:
        log.error("the bytes of the stored file %s are missing", found.key)
        raise Http404 from error
    return file_response(request, opened, size=found.size, tag=found.sha256, changed=found.created_at)


def _with_safe_headers(response: HttpResponseBase, found: StoredFile, rules: FileKind) -> HttpResponseBase:
    """The type known by content and a sandbox: even a file that a browser might take for a page can do nothing."""
    is_attachment = found.media_type not in rules.inline
    response["Content-Type"] = found.media_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Disposition"] = content_disposition_header(is_attachment, found.name)
    return response
