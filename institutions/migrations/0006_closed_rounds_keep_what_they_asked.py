"""A closed round that asked for everything asked for what the dictionary had then, not for what it gets later."""

from django.db import migrations


def keep(apps, schema_editor):
    elements = apps.get_model("indicators", "Element").objects
    for round in apps.get_model("institutions", "Round").objects.filter(closed_at__isnull=False):
        if not round.elements:
            dictionary = elements.filter(owner__in=("", round.county.code)).order_by("owner", "position", "code")
            round.elements = list(dictionary.values_list("code", flat=True))
            round.save(update_fields=["elements"])


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_plans_and_own_standards"),
        ("institutions", "0005_clerks_uploads"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
