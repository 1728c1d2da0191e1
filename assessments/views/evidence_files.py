"""Files of evidence on their way out: pages drawn as pictures to look at, and the file itself to keep.

Nothing that somebody uploaded is ever shown by the browser as it is: pages are drawn here, the file is only saved.
"""

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from assessments.evidence.access import version_for
from assessments.evidence.storage import local_path, storage
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


@require_safe
def evidence_file(request: HttpRequest, county: str, piece: int, number: int) -> HttpResponse:
    """The file as it was uploaded, under the name that it had."""
    version = version_for(request.user, county, piece, number)
    exported(request, "evidence", version.piece, place=county, file=version.file_name, version=number)
    name = saved_name(version)
    answer = download(storage().open(version.file), name, content_type=version.mime)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@require_safe
def evidence_page(request: HttpRequest, county: str, piece: int, number: int, page: int) -> HttpResponse:
    """One page (from 1) as a picture: of a PDF, of an Office file's PDF form, or the picture itself."""
    version = version_for(request.user, county, piece, number)
    if not 1 <= page <= shown_pages(version):
        raise Http404("没有这一页。")
    key = f"evidence-page-{version.sha256}-{bool(version.shown)}-{page}"
    drawn = cache.get(key)
    if drawn is None:
        try:
            drawn = _draw(version, page)
        except CannotShow as error:
            return JsonResponse({"sentence": str(error)}, status=422)
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
        with local_path(version.file) as path:
            return "image/jpeg", picture_jpeg(path, PAGE_WIDTH, page=page)
    with local_path(version.shown or version.file) as path:
        return "image/png", page_png(path, page, PAGE_WIDTH)
