"""Going over to a newer version of the standard: what was handed in, written and decided comes along.

Items keep their numbers between versions, requirements their codes, departments their names. Where something was used
that the new version lacks, nothing is changed and the person is told what it is. Snapshots stay as they are. Steps are
never changed: they are found by the item's number.
"""

from django.db import transaction

from assessments.enums import EvidenceState, PlacementState
from assessments.models import (
    BinderNumber,
    Campaign,
    CampaignDepartment,
    EvidenceJudgement,
    ItemWork,
    Placement,
    Statement,
    Upload,
)
from assessments.standing_services import lock, refresh_standing
from indicators.enums import StandardState
from indicators.models import Department, EvidenceRequirement, Item, Standard
from indicators.naming import item_name
from indicators.queries import requirements_of
from institutions.refusals import Refused
from tcm_demo.audit.services import record

REWORDED = "标准的新版本改了这项要求的文字，请重新认定"
# so many of what would be lost are named
_NAMED = 5


def newer_version(campaign: Campaign) -> Standard | None:
    """The published version of the campaign's standard that was loaded last, where the county is not on it yet. What
    a county calls by the code of everybody's standard is no version of it. One query."""
    current = campaign.standard
    versions = Standard.objects.filter(code=current.code, owner=current.owner, state=StandardState.PUBLISHED)
    newest = versions.order_by("-pk").first()
    return newest if newest and newest.pk > campaign.standard_id else None


@transaction.atomic
def take_up_version(campaign: Campaign, standard: Standard, *, by) -> Campaign:
    """Work towards this version of the same standard from now on. Raises Refused."""
    lock(campaign.county)
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("county", "standard").get(pk=campaign.pk)
    before = campaign.standard
    if (standard.code, standard.owner) != (before.code, before.owner) or standard.state != StandardState.PUBLISHED:
        raise Refused("只能改用同一标准的已发布版本。")
    if Campaign.objects.filter(county=campaign.county, standard=standard).exists():
        raise Refused("本县（区）已经在用这个版本。")
    items = _matched_items(campaign, before, standard)
    requirements = _matched_requirements(campaign, before, standard)
    departments = _matched_departments(campaign, standard)
    _move_items(campaign, items)
    _move_requirements(campaign, requirements)
    _move_departments(departments)
    campaign.standard = standard
    campaign.save(update_fields=["standard"])
    periods = list(campaign.county.standings.filter(standard=before).values_list("period", flat=True))
    campaign.county.standings.filter(standard=before).delete()
    words = {"before": {"standard": str(before)}, "after": {"standard": str(standard)}}
    record("take_up_version", campaign, by=by, place=campaign.county.code, **words)
    for period in {*periods, campaign.period}:
        refresh_standing(campaign.county, standard, period)
    return campaign


def _matched_items(campaign: Campaign, before: Standard, after: Standard) -> dict[Item, Item]:
    """Old item -> new one, of all that the old version has. Raises Refused where one that was worked on is gone."""
    new = {item.number: item for item in after.items.all()}
    old = list(before.items.all())
    used = {
        *ItemWork.objects.filter(campaign=campaign).values_list("item", flat=True),
        *Statement.objects.filter(campaign=campaign).values_list("item", flat=True),
        *BinderNumber.objects.filter(campaign=campaign).values_list("item", flat=True),
        *EvidenceRequirement.everyone.filter(owner=campaign.county.code).values_list("item", flat=True),
    }
    gone = [f"{item_name(item.number)}“{item.title}”" for item in old if item.pk in used and item.number not in new]
    _refuse_loss(gone)
    return {item: new[item.number] for item in old if item.number in new}


def _matched_requirements(
    campaign: Campaign, before: Standard, after: Standard
) -> dict[EvidenceRequirement, EvidenceRequirement]:
    """Old requirement -> new one of the standard's own. Raises Refused where one that has pieces or a word is gone."""
    new = {(each.item.number, each.code): each for each in requirements_of(after, owner="").select_related("item")}
    old = list(requirements_of(before, owner="").select_related("item"))
    county = campaign.county
    used = {
        *Placement.objects.filter(piece__county=county, requirement__in=old).values_list("requirement", flat=True),
        *EvidenceJudgement.objects.filter(county=county, requirement__in=old).values_list("requirement", flat=True),
    }
    gone = [each.text for each in old if each.pk in used and (each.item.number, each.code) not in new]
    _refuse_loss([f"佐证要求“{text}”" for text in gone])
    return {each: new[key] for each in old if (key := (each.item.number, each.code)) in new}


def _matched_departments(campaign: Campaign, after: Standard) -> list[tuple[CampaignDepartment, Department]]:
    """Raises Refused where the new version lacks a department; those that are new in it are for the office to add."""
    new = {name: each for each in Department.objects.filter(standard=after) for name in (each.name, *each.aliases)}
    own = list(campaign.departments.select_related("department"))
    _refuse_loss([f"责任部门“{each.name}”" for each in own if each.department.name not in new])
    return [(each, new[each.department.name]) for each in own]


def _move_departments(departments: list[tuple[CampaignDepartment, Department]]) -> None:
    """Where two are one in the new version, the one that it is called by stays, under the names of both."""
    into: dict[Department, CampaignDepartment] = {}
    for own, department in sorted(departments, key=lambda pair: pair[0].department.name != pair[1].name):
        if department in into:
            _unite(into[department], own)
            continue
        into[department] = own
        own.department = department
        own.save(update_fields=["department"])


def _unite(stays: CampaignDepartment, goes: CampaignDepartment) -> None:
    if goes.contact_id or goes.contact_name or goes.contact_phone:
        raise Refused(f"新版本把“{goes}”并入了“{stays}”。请先在责任部门里清空“{goes}”的联络员，再改用。")
    names = (*stays.aliases, goes.department.name, goes.name, *goes.aliases)
    stays.aliases = [each for each in dict.fromkeys(names) if each != stays.name]
    goes.delete()
    stays.save(update_fields=["aliases"])


def _refuse_loss(gone: list[str]) -> None:
    if gone:
        more = f"等 {len(gone)} 处" if len(gone) > _NAMED else ""
        raise Refused(f"新版本里没有{'、'.join(gone[:_NAMED])}{more}，已有的材料和文字会无处安放，没有改用。")


def _move_items(campaign: Campaign, items: dict[Item, Item]) -> None:
    for old, new in items.items():
        for model in (ItemWork, Statement, BinderNumber):
            model.objects.filter(campaign=campaign, item=old).update(item=new)
        EvidenceRequirement.everyone.filter(owner=campaign.county.code, item=old).update(item=new)


def _look_again(campaign: Campaign, reworded: EvidenceRequirement) -> None:
    """What was decided about another wording has to be decided again."""
    uses = Placement.objects.filter(piece__county=campaign.county, requirement=reworded)
    uses.filter(state=PlacementState.ACCEPTED).update(state=PlacementState.UPLOADED, decided_by=None, decided_at=None)
    words = EvidenceJudgement.objects.filter(county=campaign.county, requirement=reworded)
    words.update(state=EvidenceState.OPEN, reason=REWORDED)


def _move_requirements(campaign: Campaign, requirements: dict[EvidenceRequirement, EvidenceRequirement]) -> None:
    for old, new in requirements.items():
        if old.text != new.text:
            _look_again(campaign, old)
        Placement.objects.filter(piece__county=campaign.county, requirement=old).update(requirement=new)
        EvidenceJudgement.objects.filter(county=campaign.county, requirement=old).update(requirement=new)
        Upload.objects.filter(county=campaign.county, requirement=old).update(requirement=new)
