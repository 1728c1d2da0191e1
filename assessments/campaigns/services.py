"""Writes to a campaign: its settings, phases and leading group. Its departments: department_services."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from assessments.campaigns.queries import as_in_standard, version_of
from assessments.models import Campaign, CampaignDepartment, CampaignPhase, LeadingMember
from assessments.standing_services import lock, refresh_evidence, refresh_standing
from indicators.enums import LeadingPart
from indicators.models import Department, Phase
from institutions.refusals import Refused
from tcm_demo.audit.services import record

STALE = (
    "这张表在您打开以后又有人改过。您填的内容还在下面，请先在另一个窗口核对新的内容；再按一次“保存”，就以这里的为准。"
)
TURNED = "“{name}”的结束日期早于开始日期，请改正其中一个。"


@dataclass(frozen=True)
class PhaseGiven:
    """`pk` of the phase that it changes; None is a new one. `tasks`: one a line."""

    pk: int | None
    name: str
    start: date
    end: date
    tasks: str


@dataclass(frozen=True)
class MemberGiven:
    """`pk` of the member that it changes; None is a new one."""

    pk: int | None
    part: str
    name: str
    office: str


@transaction.atomic
def take_over(campaign: Campaign) -> None:
    """A new campaign begins with its standard's phases, departments and seats of the leading group, the county's own
    from then on to change; who holds the seats the county says.

    Groups of departments are left out: they stand for their members.
    """
    CampaignPhase.objects.bulk_create(
        CampaignPhase(
            campaign=campaign,
            position=phase.number,
            name=phase.name,
            start=phase.start,
            end=phase.end,
            tasks="\n".join(phase.tasks),
        )
        for phase in Phase.objects.filter(standard=campaign.standard_id)
    )
    departments = Department.objects.filter(standard=campaign.standard_id)
    CampaignDepartment.objects.bulk_create(
        as_in_standard(campaign, department) for department in departments if not department.members
    )
    LeadingMember.objects.bulk_create(
        LeadingMember(campaign=campaign, position=position, **seat)
        for position, seat in enumerate(campaign.standard.leading_group, 1)
    )


@transaction.atomic
def change_campaign(campaign: Campaign, *, period: str, inspection_on: date | None, by=None) -> None:
    """The period that its pages open with, and the day of the inspection, on which evidence has to be valid: with that
    day the standings of all periods follow."""
    lock(campaign.county)
    campaign.refresh_from_db()
    before = {"period": campaign.period, "inspection_on": campaign.inspection_on}
    after = {"period": period, "inspection_on": inspection_on}
    if after != before:
        campaign.period, campaign.inspection_on = period, inspection_on
        campaign.save(update_fields=["period", "inspection_on"])
        record("change_campaign", campaign, by=by, place=campaign.county.code, before=before, after=after)
    refresh_standing(campaign.county, campaign.standard, period)
    if before["inspection_on"] != inspection_on:
        refresh_evidence(campaign.county, [campaign.standard])


@transaction.atomic
def save_phases(campaign: Campaign, given: Sequence[PhaseGiven], *, seen: str, by) -> None:
    """These, in this order, are the campaign's phases from now on. `seen`: version_of those that were changed.

    Raises Refused where they were changed since, or one ends before it starts.
    """
    for each in given:
        if each.end < each.start:
            raise Refused(TURNED.format(name=each.name))
    lock(campaign.county)
    before, after = _replace(CampaignPhase, campaign, given, seen, _phase_words)
    if after != before:
        record(
            "change_phases",
            campaign,
            by=by,
            place=campaign.county.code,
            before={"phases": before},
            after={"phases": after},
        )


@transaction.atomic
def save_leading_group(campaign: Campaign, given: Sequence[MemberGiven], *, seen: str, by) -> None:
    """These, in this order, are the leading group from now on. `seen`: version_of those that were changed.

    Raises Refused where they were changed since.
    """
    lock(campaign.county)
    before, after = _replace(LeadingMember, campaign, given, seen, _member_words)
    if after != before:
        record(
            "change_leading_group",
            campaign,
            by=by,
            place=campaign.county.code,
            before={"leading_members": before},
            after={"leading_members": after},
        )


def _replace(
    model: type[models.Model], campaign: Campaign, given: Iterable, seen: str, words: Callable[[models.Model], str]
) -> tuple[list[str], list[str]]:
    """Make the campaign's rows of a model what is given; answers both in words. A pk that is none of the campaign's
    makes a new row, whoever sent it. The caller holds the county's lock."""
    rows = list(model.objects.filter(campaign=campaign))
    if version_of(rows) != seen:
        raise Refused(STALE)
    before = [words(row) for row in rows]
    known, kept = {row.pk: row for row in rows}, []
    for position, each in enumerate(given, start=1):
        row = known.pop(each.pk, None) or model(campaign=campaign)
        for name, value in vars(each).items():
            if name != "pk":
                setattr(row, name, value)
        row.position = position
        row.full_clean()
        row.save()
        kept.append(row)
    model.objects.filter(pk__in=known).delete()
    return before, [words(row) for row in kept]


def _phase_words(phase: CampaignPhase) -> str:
    tasks = "；".join(phase.tasks.splitlines())
    return f"{phase.name}（{phase.start:%Y-%m-%d} 至 {phase.end:%Y-%m-%d}）{f'：{tasks}' if tasks else ''}"


def _member_words(member: LeadingMember) -> str:
    return " ".join(filter(None, (LeadingPart(member.part).label, member.name, member.office)))
