from django.db import migrations
from django.db.models import F


def keep_accepted_figures(apps, schema_editor):
    """Reports that were accepted as a whole: all their figures are."""
    apps.get_model("institutions", "Report").objects.filter(state="accepted").update(accepted=F("values"))


class Migration(migrations.Migration):
    dependencies = [("institutions", "0002_reporting")]

    operations = [migrations.RunPython(keep_accepted_figures, migrations.RunPython.noop)]
