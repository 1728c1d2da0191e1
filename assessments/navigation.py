"""The navigation of every page (a context processor), so that pages of rooms below this one show the same."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from assessments.desks.today import WORKING_ROLES
from assessments.models import Campaign
from assessments.views.frame import page_url
from institutions.access import CHECKING_ROLES, PEOPLE_ROLES, counties_for
from institutions.enums import CountyLevel, Role
from institutions.models import County, Grant

Entry = tuple[str, str, bool]

# the pages that belong to each entry, by the name of their address
ITEMS = ("items", "item", "judge-evidence", "evidence-each")
DEPARTMENTS = ("departments", "department")
EVIDENCE = ("evidence-list", "piece", "piece-describe")
REPORTS = ("report", "snapshots", "snapshot", "snapshot-compare", "snapshot-figures")
BINDERS = ("binders",)
INSTITUTIONS = ("institutions", "institution")
MATRIX = ("matrix", "standards-compare")
LEDGER = ("ledger",)
STANDARDS = ("standards", "standard", "compare")
# what the names of addresses about a county's own standards begin with
OWN_STANDARDS = ("own-", "standard-", "draft", "criterion-", "plan-")
# the first word of an address's name in `institutions` -> the entry that it belongs to
ROOMS = {"my": "fill", "fill": "fill", "round": "rounds", "rounds": "rounds", "review": "rounds", "workbook": "rounds"}
ROOMS |= {"import": "import", "people": "people", "person": "people"}


@dataclass(frozen=True)
class Person:
    """What somebody may do, as far as the navigation shows it. `grants`: pairs of a county's code and a role."""

    is_superuser: bool
    grants: frozenset[tuple[str, str]]

    def has(self, roles, county: str) -> bool:
        return self.is_superuser or any((county, role) in self.grants for role in roles)

    def is_any(self, *roles: str) -> bool:
        return any(role in roles for _, role in self.grants)


def navigation(request: HttpRequest) -> dict:
    """`nav`: (label, address, whether the page is part of it); worked out only where a template asks for it."""
    return {"nav": lambda: entries(request)}


def entries(request: HttpRequest) -> list[Entry]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    grants = Grant.objects.filter(user=user).values_list("county__code", "role")
    person = Person(user.is_superuser, frozenset(grants))
    here, found = _room(request), []
    match = request.resolver_match
    if person.is_any(*WORKING_ROLES):
        found.append(("等我办的", reverse("assessments:today"), bool(match) and match.view_name == "assessments:today"))
    if person.is_any(Role.DATA_CLERK):
        found.append(("我的填报", reverse("institutions:my-reports"), here == "fill"))
        mine = bool(match) and match.view_name == "assessments:my-evidence"
        found.append(("要交的佐证", reverse("assessments:my-evidence"), mine))
    frame = getattr(request, "frame", None)
    found += _prefectures(request, person, frame)
    county = frame.county if frame else _county(request)
    if county:
        campaign = frame.campaign if frame else county.campaigns.select_related("standard", "county").first()
        period = frame.period.text if frame else getattr(campaign, "period", "")
        found += _of_county(request, person, county, campaign, period, here)
    elif places := sorted(code for code, role in person.grants if role in PEOPLE_ROLES):
        found.append(_people(places[0], here))
    if person.is_any(Role.AUDITOR):
        found.append(("操作记录", reverse("audit:events"), here == "audit"))
    return [*found, _standards(request)]


def _prefectures(request: HttpRequest, person: Person, frame) -> list[Entry]:
    """From a page of a county up to the same standard and period. `frame`: of that page, where it has one."""
    match = request.resolver_match
    current = bool(match) and match.app_name == "assessments" and match.url_name.startswith("prefecture")
    codes = sorted(code for code, role in person.grants if role == Role.PREFECTURE)
    if not codes:
        return []
    up = frame and frame.county.parent
    if up and up.code in codes:
        url = reverse("assessments:prefecture", args=[up.code, frame.standard.code, frame.period.text])
    else:
        url = reverse("assessments:prefecture-home", args=codes[:1])
    return [("全市比较", url, current)]


def _room(request: HttpRequest) -> str:
    """Which entry the page belongs to, where its address is not one of a campaign."""
    match = request.resolver_match
    if not match or match.app_name != "institutions":
        return match.app_name if match else ""
    return ROOMS.get(match.url_name.partition("-")[0], "")


def _county(request: HttpRequest) -> County | None:
    """The county in the address, or the only one that the user has."""
    match = request.resolver_match
    code = match.kwargs.get("county") if match else None
    counties = counties_for(request.user)
    found = list(counties.filter(code=code)[:1] if code else counties.filter(level=CountyLevel.COUNTY)[:2])
    return found[0] if len(found) == 1 else None


def _of_county(
    request: HttpRequest, person: Person, county: County, campaign: Campaign | None, period: str, here: str
) -> list[Entry]:
    match = request.resolver_match
    page = match.url_name if match and match.app_name == "assessments" else ""
    found = []
    if campaign:
        found += [
            ("达标总览", page_url(campaign, "county", period), page == "county"),
            ("条目", page_url(campaign, "items", period), page in ITEMS),
            ("部门", page_url(campaign, "departments", period), page in DEPARTMENTS),
        ]
    found.append(("佐证材料", reverse("assessments:evidence-list", args=[county.code]), page in EVIDENCE))
    found.append(("填报", reverse("institutions:rounds", kwargs={"county": county.code}), here == "rounds"))
    if campaign:
        found += [
            ("迎检资料", page_url(campaign, "binders", period), page in BINDERS),
            ("机构", page_url(campaign, "institutions", period), page in INSTITUTIONS),
            ("自评报告", page_url(campaign, "report", period), page in REPORTS),
            ("标准对照", reverse("assessments:matrix", args=[county.code, period]), page in MATRIX),
            ("工作台账", page_url(campaign, "ledger", period), page in LEDGER),
            ("特色项目", reverse("assessments:features", args=[county.code]), page.startswith("feature")),
        ]
    found.append(("创建工作", reverse("assessments:campaign", args=[county.code]), page.startswith("campaign")))
    if person.has(CHECKING_ROLES, county.code):
        url = reverse("institutions:import", kwargs={"county": county.code})
        found.append(("导入台账", f"{url}?period={period}" if period else url, here == "import"))
    if person.has(PEOPLE_ROLES, county.code):
        found.append(_people(county.code, here))
    own = reverse("assessments:own-standards", args=[county.code])
    return [*found, ("本县标准", own, page.startswith(OWN_STANDARDS))]


def _people(county: str, here: str) -> Entry:
    return ("账号", reverse("institutions:people", kwargs={"county": county}), here == "people")


def _standards(request: HttpRequest) -> Entry:
    match = request.resolver_match
    current = bool(match) and match.app_name == "indicators" and match.url_name in STANDARDS
    return ("建设标准", reverse("indicators:standards"), current)
