"""Reporting periods (填报期): a year `2023`, a quarter `2023Q4` or a month `2023-11`. Pure; no Django."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_FORM = re.compile(r"(?P<year>20\d\d)(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Period:
    """A calendar period; `text` is what is stored and what commands and addresses take."""

    text: str
    first_day: date
    last_day: date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2023`, `2023Q4` or `2023-11`. Raises ValueError with a sentence for people otherwise."""
        match = _FORM.fullmatch(text or "")
        if not match:
            raise ValueError(f"填报期“{text}”写法不对：年度写 2023，季度写 2023Q4，月份写 2023-11。")
        year = int(match["year"])
        if match["quarter"]:
            first, last = int(match["quarter"]) * 3 - 2, int(match["quarter"]) * 3
        elif match["month"]:
            first = last = int(match["month"])
        else:
            first, last = 1, 12
        return cls(text, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))

    @property
    def previous(self) -> "Period":
        """The period of the same kind just before this one."""
        year, month = self.first_day.year, self.first_day.month
        if len(self.text) == 4:
            return Period.parse(str(year - 1))
        step = 3 if "Q" in self.text else 1
        year, month = (year - 1, month + 12 - step) if month <= step else (year, month - step)
        return Period.parse(f"{year}Q{(month + 2) // 3}" if step == 3 else f"{year}-{month:02d}")

    def __str__(self) -> str:
        year = self.first_day.year
        if "Q" in self.text:
            return f"{year}年第{self.text[-1]}季度"
        return f"{year}年{self.first_day.month}月" if "-" in self.text else f"{year}年度"
