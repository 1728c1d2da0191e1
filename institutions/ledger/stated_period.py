"""Which period a ledger says it is for: a title (2023年度), a heading (2022年), a cell of a column of periods. Pure."""

import calendar
import re
import unicodedata
from dataclasses import dataclass

from institutions.period import Period

_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"二[〇○零0][〇○零一二三四五六七八九]{2}(?=年)")
# whole dates, and numbers of documents, say nothing about the period
_DATE = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日?|20\d\d([-/.])\d{1,2}\1\d{1,2}")
_DOCUMENT = re.compile(r"[〔\[(【]20\d\d[〕\])】]\d*号")
_ABOUT_DATES = re.compile(
    r"^(?:填报|填表|制表|报送|上报|印发|更新|统计|截至|截止|日期|时间|打印)[^台账表册]{0,4}[日时截至止:]"
)
_YEAR = r"(?P<year>20\d\d)"
_STATEMENT = re.compile(
    rf"(?<!\d){_YEAR}(?:"
    r"年?(?:度)?(?:第)?(?P<quarter>[一二三四1-4])季度|Q(?P<q>[1-4])|"
    r"年(?P<half>上半年|下半年)|"
    r"年?(?P<first>1)[-—–~至]+(?P<last>1[0-2]|[1-9])月|"
    r"[年\-/.](?P<month>1[0-2]|0?[1-9])月?(?!\d|[-/.]\d)|"
    r"(?P<end>年[末底])|年度?末?|(?=度))"
)
# 2023年台账（第四季度）: a part of the year, further on in a title
_PART = re.compile(
    r"(?P<quarter>[一二三四1-4])季度|(?P<half>上半年|下半年)|"
    r"(?<!\d)(?P<first>1)[-—–~至]+(?P<last>1[0-2]|[1-9])月|(?<!\d)(?P<month>1[0-2]|0?[1-9])月(?!\d)"
)
# figures up to the end of a month; another day is a date like any other
_AS_OF = re.compile(
    rf"(?<!填报|上报|报送|提交)截[至止]到?:?{_YEAR}[年\-/.](?P<month>1[0-2]|0?[1-9])(?:月[末底]|[月\-/.](?P<day>\d{{1,2}}))"
)
_LEADING_YEAR = re.compile(rf"^{_YEAR}(?!\d|[-/.])")
_MONTH_ALONE = re.compile(r"^20\d\d[年\-/.]\d{1,2}月?$")
_IN_HEADING = re.compile(r"[(（]?20\d\d年(?:度|末|底)?[)）]?")
MAX_TITLE = 60


@dataclass(frozen=True)
class Stated:
    """What a text says about the period: a year, and sometimes the first and last of the months that it means."""

    year: int
    first: int | None = None
    last: int | None = None

    def fits(self, period: Period) -> bool:
        """False only where the statement contradicts the period. Figures from January on are cumulative."""
        if self.year != period.first_day.year:
            return False
        if self.first is None:
            return len(period.text) == 4
        if self.first == self.last and "-" not in period.text:
            return True  # a lone month in the title of a year's ledger is a date
        return self.last == period.last_day.month and self.first in (1, period.first_day.month)


def stated_periods(text: str) -> list[Stated]:
    """What a title or heading says; empty for dates of filling in, notes and long texts."""
    if len(text) > 2 * MAX_TITLE:
        return []
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if as_of := _as_of(text):
        return [as_of]
    if len(text) > MAX_TITLE or _ABOUT_DATES.match(text) or _MONTH_ALONE.match(text):
        return []
    text = _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), text)
    text = _DOCUMENT.sub("", _DATE.sub("", text))
    found = [_read(int(match["year"]), match.groupdict()) for match in _STATEMENT.finditer(text)]
    if not found and (match := _LEADING_YEAR.match(text)):
        found = [Stated(int(match["year"]))]
    if len(found) == 1 and found[0].first is None and (part := _PART.search(text)):
        found = [_read(found[0].year, part.groupdict())]
    return found


def _as_of(text: str) -> Stated | None:
    """截至2023年12月31日: from January to that month."""
    match = _AS_OF.search(text)
    if not match:
        return None
    year, month = int(match["year"]), int(match["month"])
    last_day = calendar.monthrange(year, month)[1]
    return Stated(year, 1, month) if int(match["day"] or last_day) == last_day else None


def contradicts(text: str, period: Period, *, year_is_enough: bool = False) -> bool:
    """Whether a text names periods, and none of them is this one.

    `year_is_enough`: the quarter or month is named elsewhere, so that a year alone is no whole year.
    """
    stated = stated_periods(text)
    if year_is_enough and any(one.first is None and one.year == period.first_day.year for one in stated):
        return False
    return bool(stated) and not any(one.fits(period) for one in stated)


def names_itself(text: str, period: Period) -> bool:
    """Whether a text names this very quarter or month."""
    months = (period.first_day.month, period.last_day.month)
    return any((one.first, one.last) == months and one.fits(period) for one in stated_periods(text))


def strip_period(heading: str) -> str:
    """A heading without its year: 2023年总诊疗人次 -> 总诊疗人次."""
    return _IN_HEADING.sub("", heading)


def cell_fits(raw, period: Period) -> bool:
    """Whether a cell of a column of periods (2023, 2023年度, 2023Q4, 2023-11) names this period."""
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    text = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return text == period.text or any(_means(one, period) for one in stated_periods(f"{text}表"))


def _means(stated: Stated, period: Period) -> bool:
    return stated.fits(period) and (len(period.text) == 4) == (stated.first is None or stated.last - stated.first == 11)


def _read(year: int, parts: dict) -> Stated:
    """From the named groups of _STATEMENT or _PART."""
    if quarter := parts["quarter"] or parts.get("q"):
        last = int(quarter.translate(_CHINESE_DIGITS)) * 3
        return Stated(year, last - 2, last)
    if parts["half"]:
        return Stated(year, 1, 6) if parts["half"] == "上半年" else Stated(year, 7, 12)
    if parts["last"]:
        return Stated(year, 1, int(parts["last"]))
    if parts["month"]:
        return Stated(year, int(parts["month"]), int(parts["month"]))
    # at the end of the year is at the end of its last quarter and month too
    return Stated(year, 1, 12) if parts.get("end") else Stated(year)
