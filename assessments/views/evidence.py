"""One piece of evidence: what it looks like, what is known of it, what it is used for, its versions, what to do."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from assessments.access import NOT_YOUR_ITEM, desk_of
from assessments.enums import PlacementState
from assessments.evidence.access import may_drop, may_withdraw, may_work_with, piece_for, pieces_for
from assessments.evidence.forms import DateForm, DescriptionForm
from assessments.evidence.list_rows import Lister
from assessments.evidence.review_services import accept, return_
from assessments.evidence.services import (
    DESCRIBED,
    describe,
    description_of,
    displace,
    place,
    stamp_of,
    twins_of,
    withdraw,
)
from assessments.models import Piece, Placement
from assessments.uploads.area import upload_area
from assessments.views.evidence_files import shown_pages
from assessments.views.evidence_uses import PieceUse, uses_of
from indicators.models import EvidenceRequirement
from institutions.access import counties_for, county_for, institutions_to_fill
from institutions.models import County
from institutions.refusals import Refused

# so many pages are drawn at once; the rest when asked for
PAGES_AT_ONCE = 10
# so many of those that were accepted and do not count are named
NAMED = 3


@require_safe
def piece_page(request: HttpRequest, county: str, piece: int) -> HttpResponse:
    return _page(request, piece_for(request.user, county, piece))


@require_POST
def describe_piece(request: HttpRequest, county: str, piece: int) -> HttpResponse:
    found = piece_for(request.user, county, piece, to_work=True)
    form = DescriptionForm(request.POST)
    if form.is_valid():
        try:
            describe(found, form.described(), by=request.user, seen=request.POST.get("seen"))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{found.title}”的文件信息已保存。")
            return redirect(_after_describing(request, found))
    return _page(request, found, form)


@require_POST
def date_piece(request: HttpRequest, county: str, piece: int) -> HttpResponse:
    """The document's date alone, from where the piece is listed; then back there."""
    found = piece_for(request.user, county, piece, to_work=True)
    form = DateForm(request.POST)
    if not form.is_valid():
        messages.error(request, "文件日期没有保存：请写成 2024-03-05，不晚于今天。")
        return redirect(_back(request, found.county.code))
    described = replace(description_of(found), document_date=form.cleaned_data["document_date"])
    try:
        describe(found, described, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{found.title}”的文件日期已保存。")
    return redirect(_back(request, found.county.code))


@require_POST
def withdraw_piece(request: HttpRequest, county: str, piece: int) -> HttpResponse:
    found = piece_for(request.user, county, piece, to_work=True)
    if not may_withdraw(request.user, found):
        raise PermissionDenied("已接受的材料只能由上传人或创建办撤回。")
    return _do(request, found, "已撤回，不再计入。", withdraw, found, reason=request.POST.get("reason", ""))


@require_POST
def place_piece(request: HttpRequest, county: str, piece: int) -> HttpResponse:
    """Use it for one more requirement, of an item on which the person may work; whoever the piece is of."""
    found = piece_for(request.user, county, piece)
    pk = _key(request.POST.get("requirement", ""))
    requirement = get_object_or_404(_requirements(request.user, found), pk=pk)
    institution = None
    if code := request.POST.get("institution", "").replace("\x00", ""):
        institution = get_object_or_404(found.county.institutions, code=code)
    return _do(request, found, "已用于这项要求，等待审核。", place, found, requirement, institution)


@require_POST
def displace_piece(request: HttpRequest, county: str, piece: int, placement: int) -> HttpResponse:
    found = piece_for(request.user, county, piece)
    uses = found.placements.select_related("requirement__item__standard", "piece__county")
    use = get_object_or_404(uses, pk=placement)
    if not may_drop(request.user, use):
        raise PermissionDenied(NOT_YOUR_ITEM)
    return _do(request, found, "不再用于这项要求，材料本身保留。", displace, use)


@require_POST
def decide(request: HttpRequest, county: str) -> HttpResponse:
    """Accept or return one use of a piece, or many; then back to its row on the page that it was done on."""
    found = county_for(request.user, county, to_check=True)
    uses = [key for text in request.POST.getlist("use") if (key := _key(text))]
    seen = {pk: _key(request.POST.get(f"seen-{pk}", "")) for pk in uses}
    row = f"#use-{uses[0]}" if uses else ""
    try:
        if request.POST.get("do") == "return":
            done = return_(found, uses, reason=request.POST.get("reason", ""), by=request.user, seen=seen)
            messages.success(request, f"已退回 {len(done)} 份，提交的人会收到通知。")
        else:
            done = accept(found, uses, by=request.user, seen=seen)
            _tell_accepted(request, found, done)
    except Refused as refusal:
        for sentence in dict.fromkeys((str(refusal), *refusal.reasons)):
            messages.error(request, sentence)
    return redirect(_back(request, found.code, row))


def _tell_accepted(request: HttpRequest, county: County, accepted: list[Placement]) -> None:
    """How many, and which of them do not count nevertheless."""
    lister = Lister(county, list(county.campaigns.select_related("county", "standard")), request.user, checks=False)
    apart = [f"“{use.piece.title}”{why}" for use in accepted if (why := lister.use(use).why_not)]
    if not apart:
        messages.success(request, f"已接受 {len(accepted)} 份。")
        return
    named = "；".join(apart[:NAMED]) + ("……" if len(apart) > NAMED else "")
    messages.warning(request, f"已接受 {len(accepted)} 份，其中 {len(apart)} 份不计入：{named}。")


def _key(text: str) -> int:
    """A row's key as a form sends it; 0, which no row has, where it can be none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _back(request: HttpRequest, county: str, row: str = "") -> str:
    """Where the form stood; `row`: at which fragment, where the form itself does not say."""
    wanted = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    if not _is_ours(request, wanted):
        return reverse("assessments:evidence-list", args=[county])
    return wanted if "#" in wanted else f"{wanted}{row}"


def _is_ours(request: HttpRequest, address: str) -> bool:
    """A whole address of this host, or a path: never a word that could be a view's name."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}) and address.startswith(("/", "http"))


def _after_describing(request: HttpRequest, piece: Piece) -> str:
    """A clerk goes on with what else there is to bring."""
    if not counties_for(request.user).filter(pk=piece.county_id).exists():
        return reverse("assessments:my-evidence")
    return reverse("assessments:piece", args=[piece.county.code, piece.pk])


def _do(request: HttpRequest, piece: Piece, done: str, verb, *args, **kwargs) -> HttpResponse:
    try:
        verb(*args, **kwargs, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("assessments:piece", piece.county.code, piece.pk)


def _page(request: HttpRequest, piece: Piece, form: DescriptionForm | None = None) -> HttpResponse:
    works = may_work_with(request.user, piece) and piece.withdrawn_at is None
    pages = shown_pages(piece.version)
    shown = pages if request.GET.get("pages") == "all" else min(pages, PAGES_AT_ONCE)
    initial = {field: getattr(piece, field) for field in DESCRIBED}
    seen = set(pieces_for(request.user).filter(version__sha256=piece.version.sha256))
    uses = uses_of(request.user, piece)
    context = {
        "piece": piece,
        "county": piece.county.name,
        "county_code": piece.county.code,
        "decide_url": reverse("assessments:evidence-decide", args=[piece.county.code]),
        "pages": range(1, shown + 1),
        "pages_more": pages - shown,
        "uses": uses,
        "crumbs": _crumbs(request, uses),
        "returned": [use for use in uses if use.row.placement.state == PlacementState.RETURNED],
        "versions": list(piece.versions.select_related("uploaded_by").order_by("-number")),
        "twins": [twin for twin in twins_of(piece.version) if twin in seen],
        "form": (form or DescriptionForm(initial=initial)) if works else None,
        "stamp": stamp_of(description_of(piece)),
        "may_withdraw": works and may_withdraw(request.user, piece),
        "area": upload_area(piece.county, replaces=piece) if works else None,
        "places": _requirements(request.user, piece) if piece.withdrawn_at is None else [],
    }
    return render(request, "evidence/piece.html", context, status=200)


def _crumbs(request: HttpRequest, uses: list[PieceUse]) -> list[tuple[str, str]]:
    """The items that it serves; for who does not read the county, what they have to bring."""
    items = [(f"{use.item} {use.title}", f"{use.url}#evidence-{use.code}") for use in uses if use.url]
    if items:
        return list({label: (label, url) for label, url in reversed(items)}.values())[::-1]
    if institutions_to_fill(request.user).exists():
        return [("要交的佐证", reverse("assessments:my-evidence"))]
    return []


def _requirements(user, piece: Piece):
    """Requirements of items on which the person may work, for which one more use is possible."""
    wanted = EvidenceRequirement.everyone.none()
    for campaign in piece.county.campaigns.select_related("county", "standard"):
        desk = desk_of(user, campaign)
        own = EvidenceRequirement.everyone.in_force_for(piece.county.code).filter(
            item__standard=campaign.standard_id, institution_types=[]
        )
        wanted = wanted | (own if desk.works_on_all else own.filter(item__number__in=desk.numbers))
    used = piece.placements.values("requirement")
    return wanted.exclude(pk__in=used).select_related("item").order_by("item__position", "position")
