"""Which period a ledger says it is for: a title (2023年度), a heading (2022年), a cell of a column of periods. Pure."""

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
    r"年度?末?|(?=度))"
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
        if self.first is None or (self.first == self.last and "-" not in period.text):
            return True  # a lone month in the title of a year's ledger is a date
        return self.last == period.last_day.month and self.first in (1, period.first_day.month)


def stated_periods(text: str) -> list[Stated]:
    """What a title or heading says; empty for dates of filling in, notes and long texts."""
    if len(text) > 2 * MAX_TITLE:
        return []
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if len(text) > MAX_TITLE or _ABOUT_DATES.match(text) or _MONTH_ALONE.match(text):
        return []
    text = _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), text)
    text = _DOCUMENT.sub("", _DATE.sub("", text))
    found = [_read(match) for match in _STATEMENT.finditer(text)]
    if not found and (match := _LEADING_YEAR.match(text)):
        found = [Stated(int(match["year"]))]
    return found


def contradicts(text: str, period: Period) -> bool:
    """Whether a text names periods, and none of them is this one."""
    stated = stated_periods(text)
    return bool(stated) and not any(one.fits(period) for one in stated)


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


def _read(match: re.Match) -> Stated:
    year = int(match["year"])
    if quarter := match["quarter"] or match["q"]:
        last = int(quarter.translate(_CHINESE_DIGITS)) * 3
        return Stated(year, last - 2, last)
    if match["half"]:
        return Stated(year, 1, 6) if match["half"] == "上半年" else Stated(year, 7, 12)
    if match["last"]:
        return Stated(year, 1, int(match["last"]))
    return Stated(year, int(match["month"]), int(match["month"])) if match["month"] else Stated(year)
