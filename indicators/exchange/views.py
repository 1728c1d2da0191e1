"""A standard that everybody may read, as a file."""

from io import BytesIO

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from indicators.exchange.files import FORMATS, file_of
from indicators.exchange.workbook_out import TooLong
from indicators.models import Standard
from indicators.views import standard_for
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download


@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse:
    """`?version=` as on the standard's page, `?format=` xlsx or yaml."""
    standard = standard_for(request.user, code, request.GET.get("version"))
    query = urlencode({"version": standard.version})
    return answer(request, standard, back=f"{reverse('indicators:standard', kwargs={'code': code})}?{query}")


def answer(request: HttpRequest, standard: Standard, *, back: str) -> HttpResponse:
    """The file that `?format=` names (xlsx where it names none), of a standard that the person may have; to `back`
    with a sentence where it cannot be made."""
    kind = request.GET.get("format", FORMATS[0])
    if kind not in FORMATS:
        raise Http404("没有这种格式。可以导出 xlsx 或 yaml。")
    try:
        name, data = file_of(standard, kind)
    except TooLong as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    exported(request, "standard", standard, place=standard.owner, file=name)
    return download(BytesIO(data), name)
