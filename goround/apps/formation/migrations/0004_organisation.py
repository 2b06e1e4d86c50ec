import django.db.models.deletion
from django.db import migrations, models

from goround.apps.organisations.walled import filled_from


class Migration(migrations.Migration):
    dependencies = [
        ("formation", "0003_advice"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="search",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="advice",
            name="organisation",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        filled_from("formation", {"Search": "round", "Proposal": "round", "Advice": "proposal"}),
        migrations.AlterField(
            model_name="search",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="advice",
            name="organisation",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="+", to="organisations.organisation",
            ),
        ),
    ]
