"""Reminding the late ones in one go, and the list from which the office phones them."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from institutions.refusals import Refused
from institutions.rounds.forms import RemindForm
from institutions.rounds.queries import round_for
from institutions.rounds.reminder_queries import clerks_of
from institutions.rounds.reminder_services import Reminded, remind
from institutions.rounds.worklist import UNFINISHED, WorklistFilter, filtered
from institutions.rounds.worklist_lines import Line, lines_of, with_figures
from institutions.views.round import back_to, head
from institutions.views.rounds import crumbs
from tcm_demo.accounts.models import User

# so many names stand in a message; the rest is in the list
_NAMED = 5


@require_POST
def remind_late(request: HttpRequest, county: str, period: str) -> HttpResponse:
    """Remind all of the filter whose report is not in."""
    round, now = round_for(request.user, county, period, to_check=True), timezone.now()
    form = RemindForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"没有催报：{'；'.join(form.errors.get('words', ['请检查附言。']))}")
        return redirect(back_to(request, round))
    listed = WorklistFilter(request.GET, round)
    if not listed.is_valid():
        # a town that was renamed in the meantime, say: without it, it would be the whole county
        messages.error(request, "没有催报：筛选条件已经失效，请重新选择后再催报。")
        return redirect("institutions:round", county=county, period=period)
    chosen = filtered(round, listed, now, states=UNFINISHED)
    try:
        found = remind(round, chosen, by=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, f"没有催报：{refused}")
    else:
        _tell(request, found)
    return redirect(back_to(request, round))


@require_safe
def late(request: HttpRequest, county: str, period: str) -> HttpResponse:
    """To print: who is still to report, by town and by whom to phone. For those who check alone: it shows numbers."""
    round, now = round_for(request.user, county, period, to_check=True), timezone.now()
    form = WorklistFilter(request.GET, round)
    lines = lines_of(round, with_figures(filtered(round, form, now, states=UNFINISHED)))
    clerks = clerks_of([line.institution for line in lines])
    facts = head(round, now)
    context = {
        **facts,
        "crumbs": crumbs(round.county, (facts["period_words"], facts["round_url"])),
        "calls": _calls(lines, clerks),
        "number": len(lines),
        "without_clerk": sum(not people for people in clerks.values()),
        "is_filtered": bool(form.states or any(form.chosen(name) for name in form.fields)),
        "now": now,
    }
    return render(request, "rounds/late.html", context)


def _calls(lines: Sequence[Line], clerks: Mapping[int, list[User]]) -> list[dict]:
    """One call each: town, the people to phone, and for which institutions. What has no town comes last."""
    found: dict[tuple, dict] = {}
    for line in lines:
        town, people = line.institution.town, clerks[line.institution.pk]
        call = found.setdefault((town, *(user.pk for user in people)), {"town": town, "people": people, "lines": []})
        call["lines"].append(line)
    first = {town: place for place, (town, *_) in reversed(list(enumerate(found)))}
    return sorted(found.values(), key=lambda call: (not call["town"], first[call["town"]]))


def _tell(request: HttpRequest, found: Reminded) -> None:
    """What happened and what is left to do, each in a sentence."""
    if found.told:
        messages.success(request, f"已提醒 {len(found.told)} 家，通知 {found.people} 人。{_mail(found)}")
    if found.nobody:
        messages.warning(request, f"{len(found.nobody)} 家没有可用的填报员账号，请打电话催报：{_names(found.nobody)}")
    if found.earlier:
        messages.info(
            request,
            f"{len(found.earlier)} 家今天已经催过，没有再催：{_names(found.earlier)}。",
        )
    if not (found.told or found.nobody or found.earlier):
        messages.info(request, "所选范围内没有需要催报的机构。")


def _mail(found: Reminded) -> str:
    mailing = found.mailing
    if not mailing.has_server:
        return "没有设置邮件服务器，只在系统内提醒。"
    parts = [f"发出邮件 {mailing.sent} 封"]
    if mailing.failed:
        parts.append(f"{mailing.failed} 封没有发出去，请检查邮件服务器")
    if mailing.without:
        parts.append(f"{mailing.without} 人没有登记邮箱")
    return f"{'，'.join(parts)}。"


def _names(institutions) -> str:
    more = "等" if len(institutions) > _NAMED else ""
    return "、".join(institution.name for institution in institutions[:_NAMED]) + more
