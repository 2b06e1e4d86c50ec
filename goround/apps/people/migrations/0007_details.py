import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("keys", "0001_initial"),
        ("organisations", "0001_initial"),
        ("people", "0006_erased"),
    ]

    operations = [
        migrations.CreateModel(
            name="ParentDetails",
            fields=[
                ("parent", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="people.parent")),
                ("locked", models.BinaryField()),
                ("data_key", models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="keys.datakey")),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation")),
            ],
        ),
    ]
