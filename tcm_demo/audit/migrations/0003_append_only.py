from django.db import migrations

from tcm_demo.audit.append_only import append_only


def have_all_sealed(apps, schema_editor):
    """What was recorded before there were seals: the next sealing takes it up."""
    schema_editor.execute("INSERT INTO audit_waiting (event) SELECT id FROM audit_event")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_origin_and_seals")]

    operations = [
        migrations.RunPython(have_all_sealed, migrations.RunPython.noop),
        append_only("audit_event"),
        append_only("audit_seal"),
    ]
