"""Calendar months as addresses and readers have them: Period of the form `2026-11`."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from institutions.period import Period


def this_month() -> Period:
    return month_of(timezone.localdate())


def month_of(day: date) -> Period:
    return Period.parse(f"{day:%Y-%m}")


def asked_month(text: str) -> tuple[Period, str]:
    """(the month asked for, ""); of what is no month, or has not begun, this month and a sentence that says so."""
    now = this_month()
    if not text:
        return now, ""
    try:
        month = Period.parse(text)
    except ValueError:
        month = None
    if month is None or "-" not in month.text:
        return now, f"“{text[:20]}”不是月份，写法如 {now.text}。现在显示的是{now}。"
    if month.first_day > now.first_day:
        return now, f"{month}还没有到。现在显示的是{now}。"
    return month, ""


def following(month: Period) -> Period:
    return month_of(month.last_day + timedelta(days=1))


def bounds(month: Period) -> tuple[datetime, datetime]:
    """When it begins and when the next one does, by the office's clock."""
    return tuple(
        timezone.make_aware(datetime.combine(each.first_day, datetime.min.time())) for each in (month, following(month))
    )
