"""Campaigns that run get the phases and departments of their standard as their own; steps are only ever added."""

from django.db import migrations

from tcm_demo.audit.append_only import append_only


def take_over(apps, editor) -> None:
    Campaign = apps.get_model("assessments", "Campaign")
    CampaignPhase = apps.get_model("assessments", "CampaignPhase")
    CampaignDepartment = apps.get_model("assessments", "CampaignDepartment")
    Phase = apps.get_model("indicators", "Phase")
    Department = apps.get_model("indicators", "Department")
    for campaign in Campaign.objects.all():
        CampaignPhase.objects.bulk_create(
            CampaignPhase(
                campaign=campaign,
                position=phase.number,
                name=phase.name,
                start=phase.start,
                end=phase.end,
                tasks="\n".join(phase.tasks),
            )
            for phase in Phase.objects.filter(standard_id=campaign.standard_id)
        )
        CampaignDepartment.objects.bulk_create(
            CampaignDepartment(
                campaign=campaign, department=department, name=department.name, aliases=department.aliases
            )
            for department in Department.objects.filter(standard_id=campaign.standard_id)
            if not department.members
        )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_evidence_and_work")]

    operations = [
        migrations.RunPython(take_over, migrations.RunPython.noop),
        append_only("assessments_itemstep"),
    ]
