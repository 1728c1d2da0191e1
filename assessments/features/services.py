"""Every write of feature projects. One transaction each, each an event on the trail."""

from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b

from django.db import transaction
from django.utils import timezone

from assessments.models import FeatureProject, FeatureStep
from institutions.models import County
from institutions.refusals import Refused
from tcm_demo.audit.services import SYSTEM, record
from tcm_demo.lib.dates import zh_date

NAME_LENGTH, IN_CHARGE_LENGTH, TEXT_LENGTH = 60, 60, 1000
REASON_LENGTH = range(2, 301)
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Described:
    """What is said of a project apart from its progress."""

    name: str
    aim: str = ""
    in_charge: str = ""
    start: date | None = None
    end: date | None = None


@transaction.atomic
def add_project(county: County, given: Described, *, by) -> FeatureProject:
    """Raises Refused."""
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    facts = asdict(_checked(county, given))
    project = FeatureProject.objects.create(county=county, **facts)
    record("add_feature", project, by=by, place=county.code, after=facts)
    return project


@transaction.atomic
def change_project(project: FeatureProject, given: Described, *, seen: str, by) -> FeatureProject:
    """`seen`: version_of the project that the person saw. Raises Refused, also where it is not that any more."""
    project = _locked(project)
    if seen != version_of(project):
        raise Refused("这个项目刚刚被别人修改过。请核对页面上现在的内容，再重新填写要改的地方。")
    before = asdict(described(project))
    after = asdict(_checked(project.county, given, but=project))
    if after != before:
        for name, value in after.items():
            setattr(project, name, value)
        project.save(update_fields=list(after))
        record("change_feature", project, by=by, place=project.county.code, before=before, after=after)
    return project


@transaction.atomic
def report_progress(project: FeatureProject, *, on: date, done: int, text: str, by) -> FeatureStep:
    """How far it is on a day; what was reported stays, a later report corrects it. Raises Refused."""
    project = _locked(project)
    if on > timezone.localdate():
        raise Refused(f"进展的日期 {zh_date(on)} 还没有到，请填今天或以前的日期。")
    if on.year not in YEARS:
        raise Refused(f"进展的年份是 {on.year} 年，请改成 {YEARS.start} 年以后的日期。")
    if not 0 <= done <= 100:
        raise Refused(f"完成进度填了 {done}，请填 0 到 100 之间的整数。")
    facts = {"on": on, "done": done, "text": _text(text, "进展", needed=True)}
    last = project.steps.order_by("-pk").first()
    if last and (last.on, last.done, last.text) == tuple(facts.values()):
        raise Refused("这条进展已经记下了，不用再报。")
    step = FeatureStep.objects.create(project=project, by=by, by_name=str(by) if by else SYSTEM, **facts)
    record("report_feature", project, by=by, place=project.county.code, after=facts)
    return step


@transaction.atomic
def withdraw_project(project: FeatureProject, *, reason: str, by) -> FeatureProject:
    """It counts no more; what was written about it stays. Raises Refused."""
    project = _locked(project)
    reason = " ".join(reason.split())
    if len(reason) not in REASON_LENGTH:
        raise Refused(f"撤回项目须写理由（{REASON_LENGTH.start} 至 {REASON_LENGTH.stop - 1} 个字），理由记入操作记录。")
    project.withdrawn_at = timezone.now()
    project.save(update_fields=["withdrawn_at"])
    record("withdraw_feature", project, by=by, place=project.county.code, after={"reason": reason})
    return project


def described(project: FeatureProject) -> Described:
    return Described(project.name, project.aim, project.in_charge, project.start, project.end)


def version_of(project: FeatureProject) -> str:
    """Equal for equal descriptions."""
    return blake2b(repr(described(project)).encode(), digest_size=8).hexdigest()


def _locked(project: FeatureProject) -> FeatureProject:
    """The row as it is now, held until the end of the transaction."""
    row = FeatureProject.objects.select_for_update(of=("self",)).select_related("county").get(pk=project.pk)
    if row.withdrawn_at:
        raise Refused(f"“{row.name}”已于 {zh_date(row.withdrawn_at)} 撤回，不能再改。需要继续，请另建一个项目。")
    return row


def _checked(county: County, given: Described, but: FeatureProject | None = None) -> Described:
    name, in_charge = (" ".join(text.replace("\x00", "").split()) for text in (given.name, given.in_charge))
    if not name:
        raise Refused("请填写项目名称。")
    for text, what, longest in ((name, "项目名称", NAME_LENGTH), (in_charge, "责任单位", IN_CHARGE_LENGTH)):
        if len(text) > longest:
            raise Refused(f"{what}最多 {longest} 字，现为 {len(text)} 字，请精简。")
    others = county.feature_projects.filter(name=name, withdrawn_at=None)
    if others.exclude(pk=but.pk if but else None).exists():
        raise Refused(f"已经有名称为“{name}”的特色项目。请在那个项目里报进展，或换一个名称。")
    for day, what in ((given.start, "开始日期"), (given.end, "计划完成日期")):
        if day and day.year not in YEARS:
            raise Refused(f"{what}的年份是 {day.year} 年，请改成 {YEARS.start} 至 {YEARS.stop - 1} 年之间的日期。")
    if given.start and given.end and given.end < given.start:
        raise Refused(f"计划完成日期 {zh_date(given.end)} 早于开始日期 {zh_date(given.start)}，请核对。")
    return Described(name, _text(given.aim, "内容和目标"), in_charge, given.start, given.end)


def _text(text: str, what: str, *, needed: bool = False) -> str:
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if needed and not words:
        raise Refused(f"请写明{what}：做了什么，到了哪一步。")
    if len(words) > TEXT_LENGTH:
        raise Refused(f"{what}最多 {TEXT_LENGTH:,} 字，现为 {len(words):,} 字，请精简或分几次写。")
    return words
