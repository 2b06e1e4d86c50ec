import django.db.models.deletion
from django.db import migrations, models

from goround.apps.organisations.walled import filled_from


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        filled_from("meetings", {"Meeting": "group", "Attendance": "meeting", "Reply": "meeting"}),
        migrations.AlterField(
            model_name="meeting",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="reply",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
    ]
