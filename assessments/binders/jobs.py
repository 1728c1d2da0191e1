"""Binders are long work: asked for on a page, written by the worker, there to be taken for a week.

Whoever reads the county's pages makes binders of all items and takes what others made; a liaison those of the items of
their department alone.
"""

from collections.abc import Collection
from pathlib import Path

from assessments.access import Desk, desk_of
from assessments.binders.assemble import assemble
from assessments.binders.content import BinderContent
from assessments.binders.write import Shape, write_binder
from assessments.models import Campaign
from assessments.views.frame import page_url
from institutions.access import READING_ROLES, counties_for, may_write
from institutions.enums import Role
from institutions.period import Period
from institutions.refusals import Refused
from tcm_demo.accounts.models import User
from tcm_demo.jobs import services
from tcm_demo.jobs.kinds import CannotBeMade, Kind, Made, Progress, register
from tcm_demo.jobs.models import Job
from tcm_demo.jobs.queries import jobs_of
from tcm_demo.lib.downloads import file_name
from tcm_demo.lib.fonts import FontsMissing

BINDERS = "binders"
CONTENT_TYPES = {Shape.PDF: "application/pdf", Shape.ZIP: "application/zip"}


def only_items(desk: Desk) -> frozenset[str] | None:
    """Numbers of the items whose binders somebody who reads the county may see; None: of all."""
    return desk.numbers if desk.roles.intersection(READING_ROLES) == {Role.LIAISON} else None


def ask_for_binders(
    campaign: Campaign,
    period: str,
    numbers: Collection[str],
    *,
    shape: Shape,
    title: str,
    by: User,
    tells_missing: bool = True,
) -> Job:
    """A job that writes the binders of these items; `title`: what they are together."""
    arguments = {"campaign": campaign.pk, "period": period, "items": list(numbers), "shape": str(shape), "title": title}
    arguments["tells_missing"] = tells_missing
    how = str(shape).upper() if tells_missing else f"{shape.upper()}，不含缺件清单"
    return services.ask_for(BINDERS, title=f"{title}（{how}）", arguments=arguments, place=campaign.county.code, by=by)


def binder_jobs(campaign: Campaign, period: str, own: Collection[str] | None) -> list[Job]:
    """Of this campaign and period, the latest first; with `own` those whose items are all among them. One query."""
    jobs = jobs_of(BINDERS, campaign.county.code)
    jobs = jobs.filter(arguments__campaign=campaign.pk, arguments__period=period)
    return [job for job in jobs if own is None or set(job.arguments["items"]) <= set(own)]


def make_binders(job: Job, directory: Path, progress: Progress) -> Made:
    """See tcm_demo.jobs.kinds.Kind."""
    campaign = _campaign(job)
    if campaign is None:
        raise CannotBeMade("这项创建工作已不存在，不能生成迎检资料。")
    shape = Shape(job.arguments["shape"])
    progress(0, 0, "汇集内容")
    target = directory / f"binders.{shape}"
    try:
        contents = _contents(campaign, job)
        written = write_binder(contents, target, shape=shape, progress=progress)
    except (Refused, FontsMissing) as reason:
        raise CannotBeMade(str(reason)) from reason
    return Made(target, _name(campaign, job, shape), CONTENT_TYPES[shape], written.notes)


def _contents(campaign: Campaign, job: Job) -> list[BinderContent]:
    asked = job.arguments
    # one that was asked for before there was a choice tells what is missing
    told = asked.get("tells_missing", True)
    return assemble(campaign, asked["period"], asked["items"], by=job.asked_by, tells_missing=told)


def _name(campaign: Campaign, job: Job, shape: Shape) -> str:
    """甲县迎检资料 第 24 条 中医馆建设（2023年度）.pdf."""
    title = job.arguments.get("title", job.title)
    return file_name(f"{campaign.county.name}迎检资料 {title}（{Period.parse(job.arguments['period'])}）.{shape}")


def may_see(user: User, job: Job) -> bool:
    campaign = _campaign(job)
    if campaign is None or not counties_for(user).filter(pk=campaign.county_id).exists():
        return False
    own = only_items(desk_of(user, campaign))
    return own is None or set(job.arguments["items"]) <= own


def may_change(user: User, job: Job) -> bool:
    """Whoever asked for it, and the county office. Of those who may see it."""
    if job.asked_by_id == user.pk:
        return True
    campaign = _campaign(job)
    return campaign is not None and may_write(user, campaign.county)


def page_of(job: Job) -> str:
    campaign = _campaign(job)
    return page_url(campaign, "binders", job.arguments["period"]) if campaign else "/"


def _campaign(job: Job) -> Campaign | None:
    return Campaign.objects.select_related("county", "standard").filter(pk=job.arguments["campaign"]).first()


register(Kind(BINDERS, make_binders, may_see=may_see, may_change=may_change, page=page_of))
