"""Dates as Chinese papers write them: no leading zeros."""

from datetime import date, datetime

from django.utils import timezone


def zh_date(value: date | datetime | None) -> str:
    """date(2024, 4, 9) -> 2024年4月9日, a moment in the office's time zone; None -> ''."""
    if not value:
        return ""
    day = _local(value)
    return f"{day.year}年{day.month}月{day.day}日"


def zh_datetime(value: datetime | None) -> str:
    """2024年4月9日 14:05, in the office's time zone; None -> ''."""
    return f"{zh_date(value)} {_local(value):%H:%M}" if value else ""


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
