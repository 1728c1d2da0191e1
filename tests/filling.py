"""A round of reporting for tests of those who fill in: county A's of 2024, after the reports of 2023."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from indicators.models import ElementCheck
from institutions.filling.explanations import typed_words
from institutions.models import Institution, Report, Round
from tests.world import World

NOW = "2024"


def open_round(world: World, *, since: int = 5, left: int = 5, **more) -> Round:
    """Open since so many days, and for so many more; with one check of each level."""
    today = timezone.localdate()
    ElementCheck.objects.create(expression="tcm_visits <= visits", message="中医诊疗人次不能大于总诊疗人次")
    ElementCheck.objects.create(
        expression="not has_hall or techniques > 0", message="设有中医馆，却没有适宜技术", level="warning"
    )
    days = {"opens_on": today - timedelta(days=since), "due_on": today + timedelta(days=left)}
    return Round.objects.create(county=world.county, period=NOW, **days | more)


def url(name: str, code: str = "A-01", period: str = NOW, county: str = "A") -> str:
    room = "assessments" if name == "meaning" else "institutions"
    return reverse(f"{room}:{name}", args=[county, period, code])


def typed(code: str = "A-01", words: dict | None = None, **cells) -> dict:
    """As the form's fields name them: `visits="5"` on a blank, `visits=("5", "3")` on a 3; words by a caution's key."""
    pk = Institution.objects.get(code=code).pk
    data = {f"x-{pk}-{key}": text for key, text in (words or {}).items()}
    for element, text in cells.items():
        text, base = text if isinstance(text, tuple) else (text, "")
        data |= {f"v-{pk}-{element}": text, f"b-{pk}-{element}": base}
    return data


def report(code: str = "A-01") -> Report:
    return Report.objects.get(institution__code=code, period=NOW)


def words_of(report: Report) -> dict[str, str]:
    """What was written on each caution."""
    return {key: typed_words(report.explanations, key) for key in report.explanations}
