"""Files of evidence on their way out: pages drawn as pictures to look at, and the file itself to keep.

Nothing that somebody uploaded is ever shown by the browser as it is: pages are drawn here, the file is only saved.
"""

from textwrap import wrap

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from assessments.evidence.access import version_for
from assessments.evidence.storage import FileLost, StorageAway, local_path, opened
from assessments.files.enums import FileKind
from assessments.files.kinds import same_extensions
from assessments.files.names import extension_of
from assessments.files.preview import page_png, picture_jpeg
from assessments.files.refusals import CannotShow
from assessments.models import Version
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download

# pixels; a phone's whole width, and small print still legible
PAGE_WIDTH = 1200
_KEEP_SECONDS = 3600
_PLACEHOLDER_LINE = 26  # characters


@require_safe
def evidence_file(request: HttpRequest, county: str, piece: int, number: int) -> HttpResponse:
    """The file as it was uploaded, under the name that it had."""
    version = version_for(request.user, county, piece, number)
    try:
        content = opened(version.file, version.size)
    except (FileLost, StorageAway) as error:
        context = {"piece": version.piece, "number": number, "county_code": county, "sentence": error}
        return render(request, "evidence/unreadable.html", context, status=_status(error))
    exported(request, "evidence", version.piece, place=county, file=version.file_name, version=number)
    answer = download(content, saved_name(version), content_type=version.mime)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@require_safe
def evidence_page(request: HttpRequest, county: str, piece: int, number: int, page: int) -> HttpResponse:
    """One page (from 1) as a picture: of a PDF, of an Office file's PDF form, or the picture itself. Where it cannot be
    shown, a picture that says why."""
    version = version_for(request.user, county, piece, number)
    if not 1 <= page <= shown_pages(version):
        raise Http404("没有这一页。")
    key = f"evidence-page-{version.sha256}-{bool(version.shown)}-{page}"
    drawn = cache.get(key)
    if drawn is None:
        try:
            drawn = _draw(version, page)
        except CannotShow as error:
            return _said(str(error), 422)
        except (FileLost, StorageAway) as error:
            return _said(str(error), _status(error))
        cache.set(key, drawn, _KEEP_SECONDS)
    mime, content = drawn
    return HttpResponse(content, content_type=mime)


def saved_name(version: Version) -> str:
    """Under the name that it had, with the extension of what it is: so the right program opens it."""
    called = extension_of(version.file_name).lstrip(".").lower()
    return (
        version.file_name
        if called in same_extensions(version.extension)
        else f"{version.file_name}.{version.extension}"
    )


def shown_pages(version: Version) -> int:
    """How many pages of it can be looked at here; 0 where it can only be saved."""
    if version.kind in (FileKind.PICTURE, FileKind.PDF) or version.shown:
        return version.pages or 0
    return 0


def _draw(version: Version, page: int) -> tuple[str, bytes]:
    if version.kind == FileKind.PICTURE:
        with local_path(version.file, version.size) as path:
            return "image/jpeg", picture_jpeg(path, PAGE_WIDTH, page=page)
    stored, size = (version.shown, None) if version.shown else (version.file, version.size)
    with local_path(stored, size) as path:
        return "image/png", page_png(path, page, PAGE_WIDTH)


def _status(error: FileLost | StorageAway) -> int:
    return 503 if isinstance(error, StorageAway) else 404


def _said(sentence: str, status: int) -> HttpResponse:
    """A sentence in the place of a page: browsers show a picture whatever the status is."""
    lines = [(200 + 60 * number, line) for number, line in enumerate(wrap(sentence, _PLACEHOLDER_LINE))]
    drawn = render_to_string("evidence/_no_page.svg", {"width": PAGE_WIDTH, "lines": lines})
    return HttpResponse(drawn, content_type="image/svg+xml", status=status)
