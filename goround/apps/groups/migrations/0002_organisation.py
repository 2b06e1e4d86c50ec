import django.db.models.deletion
from django.db import migrations, models

from goround.apps.organisations.walled import filled_from


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="leadership",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        filled_from("groups", {"Membership": "group", "Leadership": "group", "Invitation": "membership"}),
        migrations.AlterField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="leadership",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
    ]
