"""Accepting without a reason rests on the pieces from now on; words from before there were any keep holding."""

from django.db import migrations

REASON = "升级前认定，当时未写依据"


def keep_earlier_words(apps, editor) -> None:
    EvidenceJudgement = apps.get_model("assessments", "EvidenceJudgement")
    EvidenceJudgement.objects.filter(state="accepted", reason="").update(reason=REASON)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_standing_evidence")]

    operations = [migrations.RunPython(keep_earlier_words, migrations.RunPython.noop)]
