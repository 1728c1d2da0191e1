from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices")]

    operations = [
        migrations.AddField("notice", "subject", models.TextField("所指", blank=True, default=""), preserve_default=False),
    ]
