"""Files on their way in, by the tus protocol 1.0.0 (core, creation, termination); a plain form where there are no
scripts.

POST   c/<county>/uploads/           begins: Upload-Length, Upload-Metadata -> 201 and where to send the bytes
HEAD   c/<county>/uploads/<token>/   how many are there
PATCH  c/<county>/uploads/<token>/   more of them; with the last one the file becomes evidence
DELETE c/<county>/uploads/<token>/   forgets it
GET    c/<county>/uploads/<token>/   what came of it, as JSON (uploads/outcome.py), as often as one asks

PATCH and DELETE also come as POST with X-HTTP-Method-Override, since gateways of offices let only GET and POST pass.
What is refused is answered with a Chinese sentence as JSON, {"sentence": "…"}; with Retry-After where the client is to
come again by itself. Whoever sends too slowly is let go by the server (tcm_demo/slow_clients.py), as if the connection
had broken: what came is kept.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from assessments.models import Upload
from assessments.uploads import metadata, parts, services
from assessments.uploads.access import target_for, upload_for
from assessments.uploads.outcome import as_json, outcome_of
from assessments.uploads.refusals import Crowded, Malformed, UploadRefused
from assessments.uploads.turns import turns
from assessments.views.upload_form import by_form

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
NOT_THERE = "没有找到这个上传，或者这项佐证要求已经取消。请刷新页面后重新选择文件。"


class _OtherVersion(UploadRefused):
    status = 412


class _OtherType(UploadRefused):
    status = 415


class _NoLength(UploadRefused):
    status = 411


def _in_the_protocol(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What every answer has, and what is refused as JSON."""

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except UploadRefused as refused:
            response = _told(str(refused), refused.status)
            if isinstance(refused, Crowded):
                response["Retry-After"] = str(refused.retry_after)
        except PermissionDenied as denied:
            response = _told(str(denied), 403)
        except (Http404, Upload.DoesNotExist):
            response = _told(NOT_THERE, 404)
        response["Tus-Resumable"] = VERSION
        return response

    return answered


def _told(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status, json_dumps_params={"ensure_ascii": False})


@csrf_exempt  # checked below: not before the form's size is known, since its token is read together with its files
@require_http_methods(["POST", "OPTIONS"])
def uploads(request: HttpRequest, county: str) -> HttpResponse:
    return by_form(request, county) if request.content_type == "multipart/form-data" else _begin(request, county)


@csrf_protect
@_in_the_protocol
def _begin(request: HttpRequest, county: str) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(
            status=204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": "creation,termination",
                "Tus-Max-Size": str(settings.EVIDENCE_MAX_BYTES),
            },
        )
    _check_version(request)
    about = metadata.parse(request.headers.get("Upload-Metadata", ""))
    target = target_for(
        request.user,
        county,
        requirement=about.requirement,
        institution=about.institution,
        replaces=about.replaces,
    )
    size = _number(request, "Upload-Length")
    upload = services.begin(target, name=about.file_name, size=size, by=request.user)
    here = reverse("assessments:upload", args=[county, upload.pk])
    return HttpResponse(status=201, headers={"Location": here})


@require_http_methods(["HEAD", "GET", "PATCH", "DELETE", "POST"])
@_in_the_protocol
def upload(request: HttpRequest, county: str, token: UUID) -> HttpResponse:
    found = upload_for(request.user, county, token)
    method = request.method
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", "")
    if method == "GET":
        return JsonResponse(as_json(outcome_of(found, request.user)), json_dumps_params={"ensure_ascii": False})
    _check_version(request)
    if method == "HEAD":
        about = {"Upload-Length": str(found.size), "Upload-Metadata": metadata.written(found.file_name)}
        return HttpResponse(headers=_offset(found) | about)
    if method == "DELETE":
        services.drop(found)
        return HttpResponse(status=204)
    if method != "PATCH":
        raise Malformed(metadata.ODD_REQUEST)
    with turns.taken(request.user.pk):
        return _patch(request, found)


def _patch(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.content_type != BYTES:
        raise _OtherType(metadata.ODD_REQUEST)
    if not request.META.get("CONTENT_LENGTH"):
        raise _NoLength(metadata.ODD_REQUEST)
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    # An empty one at the end asks once more for what came of the file.
    if length or offset != found.size:
        services.append(found, offset, request.read, length)
    if parts.length_of(found.pk) == found.size or found.piece_id or found.fault:
        services.finish(found, by=request.user)
    return HttpResponse(status=204, headers=_offset(found))


def _offset(found: Upload) -> dict[str, str]:
    ended = found.piece_id or found.fault
    return {"Upload-Offset": str(found.size if ended else parts.length_of(found.pk))}


def _check_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise _OtherVersion(metadata.ODD_REQUEST)


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Malformed(metadata.ODD_REQUEST)
    return int(text)
