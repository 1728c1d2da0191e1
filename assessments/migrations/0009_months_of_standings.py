"""Standings that were computed before months were kept get the row of their own month: pages compare by those."""

from django.db import migrations
from django.utils import timezone


def keep_months(apps, schema_editor):
    Standing = apps.get_model("assessments", "Standing")
    MonthStanding = apps.get_model("assessments", "MonthStanding")
    kept = set(MonthStanding.objects.values_list("county_id", "standard_id", "period"))
    for standing in Standing.objects.defer("contributions", "evidence").iterator(chunk_size=50):
        if (standing.county_id, standing.standard_id, standing.period) in kept:
            continue
        items = standing.result["items"]
        MonthStanding.objects.create(
            county_id=standing.county_id,
            standard_id=standing.standard_id,
            period=standing.period,
            month=f"{timezone.localtime(standing.computed_at):%Y-%m}",
            summary=standing.result["summary"],
            coverage=standing.result["coverage"],
            items={item["number"]: item["status"] for item in items},
            criteria={each["code"]: [each["status"], each["value"]] for item in items for each in item["criteria"]},
            computed_at=standing.computed_at,
        )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_months_and_features")]

    operations = [migrations.RunPython(keep_months, migrations.RunPython.noop, elidable=True)]
