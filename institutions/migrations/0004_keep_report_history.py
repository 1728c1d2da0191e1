from django.db import migrations

from tcm_demo.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("institutions", "0003_accepted_figures"), ("audit", "0003_append_only")]

    operations = [append_only("institutions_reportstep")]
