"""What this room does when the rooms below announce a change (tcm_demo/lib/hooks.py)."""

from assessments.campaigns.queries import names_in_county
from assessments.models import Assessment, EvidenceJudgement, Standing
from assessments.standing_services import (
    refresh_figures,
    refresh_standing,
    refresh_standings,
    refresh_standings_since,
)
from assessments.uploads.services import clear_abandoned
from indicators.hooks import may_replace, standard_changed
from indicators.models import Standard
from institutions.hooks import departments_of, figures_changed, institutions_changed, standards_of
from tcm_demo.jobs import housekeeping


@figures_changed.register
def keep_standings_current(*, county, period: str, since, figures=None) -> None:
    if figures is None:
        refresh_standings(county, period, since)
    else:
        refresh_figures(county, period, figures)


@institutions_changed.register
def count_other_institutions(*, county, since) -> None:
    refresh_standings_since(county, since)


@standards_of.register
def standards_of_campaigns(*, county) -> list[Standard]:
    return [campaign.standard for campaign in county.campaigns.select_related("standard")]


@departments_of.register
def departments_of_campaigns(*, county) -> dict[str, list[str]]:
    return names_in_county(county)


@standard_changed.register
def score_again(*, standard: Standard) -> None:
    for standing in standard.standings.select_related("county"):
        refresh_standing(standing.county, standard, standing.period)


@may_replace.register
def refuse_where_assessed_against(*, standard: Standard) -> None:
    from indicators.services import StandardInUse

    used = [
        Standing.objects.filter(standard=standard),
        Assessment.objects.filter(standard=standard),
        EvidenceJudgement.objects.filter(requirement__item__standard=standard),
    ]
    if any(rows.exists() for rows in used):
        raise StandardInUse(standard)


housekeeping.register(clear_abandoned)
