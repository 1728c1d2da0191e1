"""Who may import what: the terms of the command line, of the county office, and of a data clerk."""

from institutions.access import institutions_to_fill, may_write
from institutions.enums import ImportWay
from institutions.filling.services import check_open
from institutions.ledger.terms import Terms
from institutions.models import County, LedgerUpload, Round
from institutions.period import Period
from institutions.refusals import Refused


def operators_terms(county: County, period: Period) -> Terms:
    """The command line imports figures as accepted, also for a period without a round, but into no closed one."""
    round = _round(county, period)
    closed = round is not None and round.is_closed
    obstacle = {"obstacle": "round_closed", "facts": {"period": period}} if closed else {}
    return Terms(round=round, accepts=True, changes_registry=True, returns=True, **obstacle)


def terms_of(upload: LedgerUpload, user) -> Terms:
    """Those of the clerk where the upload was begun at an institution's form, else those of who checks."""
    county, period = upload.county, Period.parse(upload.period)
    round = _round(county, period)
    ways, obstacle = (ImportWay.DRAFT, ImportWay.SUBMIT), _obstacle(round, period)
    if upload.institution_id:
        own = institutions_to_fill(user).filter(county=county).values_list("code", flat=True)
        return Terms(round=round, institutions=frozenset(own), ways=ways, **obstacle)
    if county.one_person_checks:
        ways += (ImportWay.ACCEPT,)
    return Terms(round=round, changes_registry=may_write(user, county), returns=True, ways=ways, **obstacle)


def _round(county: County, period: Period) -> Round | None:
    return Round.objects.select_related("county").filter(county=county, period=period.text).first()


def _obstacle(round: Round | None, period: Period) -> dict:
    """Why nobody can enter figures of this period now, as Terms has it."""
    if round is None:
        return {"obstacle": "no_round", "facts": {"period": period}}
    try:
        check_open(round)
    except Refused as refused:
        return {"obstacle": "round_not_open", "facts": {"why": str(refused).rstrip("。")}}
    return {}
