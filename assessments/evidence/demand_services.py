"""Requirements that a county adds to the standard's own: they count as those do. Written nowhere else."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from assessments.enums import ItemStepKind
from assessments.models import Campaign
from assessments.standing_services import lock, refresh_evidence
from assessments.work.steps import happened
from indicators.enums import InstitutionType, SeenAs, YearRule
from indicators.models import EvidenceRequirement, Item
from institutions.refusals import Refused
from tcm_demo.audit.services import record

MOST_NEEDED = 50


@dataclass(frozen=True)
class Demanded:
    """What a requirement says; see indicators.models.EvidenceRequirement."""

    text: str
    required: bool = True
    departments: tuple[str, ...] = ()
    year: str = YearRule.PERIOD
    needed: int = 1
    seen_as: str = SeenAs.DOCUMENT
    institution_types: tuple[str, ...] = ()


@transaction.atomic
def add_requirement(campaign: Campaign, item: Item, demanded: Demanded, *, by) -> EvidenceRequirement:
    """The county asks for one more thing at an item. Raises Refused."""
    _check(demanded)
    county = campaign.county
    lock(county)
    campaign, item = _now(campaign, item)
    own = EvidenceRequirement.everyone.filter(item=item, owner=county.code)
    number = own.count() + 1
    requirement = EvidenceRequirement(item=item, owner=county.code, code=f"{item.number}-A{number}", position=number)
    _write(requirement, demanded)
    requirement.save(force_insert=True)
    record("add_own_requirement", requirement, by=by, place=county.code, after=_facts(demanded))
    happened(campaign, item, ItemStepKind.DEMANDED, by=by, text=f"增加佐证要求：{demanded.text}")
    refresh_evidence(county, [campaign.standard])
    return requirement


@transaction.atomic
def change_requirement(campaign: Campaign, requirement: EvidenceRequirement, demanded: Demanded, *, by) -> None:
    """Change what the county itself asks for. Raises Refused, for the standard's own, too."""
    _check(demanded)
    lock(campaign.county)
    requirement = _own_now(campaign, requirement)
    before = _facts(_read(requirement))
    _write(requirement, demanded)
    requirement.save()
    after = _facts(demanded)
    record("change_own_requirement", requirement, by=by, place=campaign.county.code, before=before, after=after)
    text = f"修改佐证要求：{demanded.text}"
    happened(campaign, requirement.item, ItemStepKind.DEMANDED, by=by, text=text)
    refresh_evidence(campaign.county, [campaign.standard])


@transaction.atomic
def withdraw_requirement(campaign: Campaign, requirement: EvidenceRequirement, *, by) -> None:
    """Ask no longer for what the county itself added; what was handed in for it stays. Raises Refused."""
    lock(campaign.county)
    requirement = _own_now(campaign, requirement)
    requirement.withdrawn_at = timezone.now()
    requirement.save(update_fields=["withdrawn_at"])
    before = _facts(_read(requirement))
    record("withdraw_own_requirement", requirement, by=by, place=campaign.county.code, before=before)
    text = f"取消佐证要求：{requirement.text}"
    happened(campaign, requirement.item, ItemStepKind.DEMANDED, by=by, text=text)
    refresh_evidence(campaign.county, [campaign.standard])


def _check(demanded: Demanded) -> None:
    if not demanded.text.strip():
        raise Refused("请写明要什么材料。")
    if len(demanded.text) > 200:
        raise Refused("佐证要求最多 200 字，请精简后再保存。")
    if not 1 <= demanded.needed <= MOST_NEEDED:
        raise Refused(f"份数须在 1 到 {MOST_NEEDED} 之间。")
    if demanded.year not in YearRule.values or demanded.seen_as not in SeenAs.values:
        raise Refused("请选择年度和查看方式。")
    if unknown := set(demanded.institution_types) - set(InstitutionType.values):
        raise Refused(f"没有这种机构类型：{'、'.join(sorted(unknown))}。")


def _now(campaign: Campaign, item: Item) -> tuple[Campaign, Item]:
    """As they are under the lock: the county may have gone over to another version of the standard. Raises Refused."""
    campaign = Campaign.objects.select_related("county", "standard").get(pk=campaign.pk)
    found = Item.objects.filter(standard=campaign.standard_id, number=item.number).first()
    if found is None:
        raise Refused("本县（区）已改用标准的新版本，其中没有这一条。请刷新页面。")
    return campaign, found


def _own_now(campaign: Campaign, requirement: EvidenceRequirement) -> EvidenceRequirement:
    """The county's own requirement as it is under the lock. Raises Refused, for the standard's own, too."""
    requirement = EvidenceRequirement.everyone.select_related("item").get(pk=requirement.pk)
    if requirement.owner != campaign.county.code:
        raise Refused("标准自带的佐证要求不能在这里修改；本县（区）增加的才可以。")
    if requirement.withdrawn_at:
        raise Refused("这项佐证要求已经取消。")
    return requirement


def _write(requirement: EvidenceRequirement, demanded: Demanded) -> None:
    for field, value in asdict(demanded).items():
        setattr(requirement, field, list(value) if isinstance(value, tuple) else value)


def _read(requirement: EvidenceRequirement) -> Demanded:
    return Demanded(**{field: getattr(requirement, field) for field in Demanded.__dataclass_fields__})


def _facts(demanded: Demanded) -> dict:
    return {field: list(value) if isinstance(value, tuple) else value for field, value in asdict(demanded).items()}
