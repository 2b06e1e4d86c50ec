from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("formation", "0004_organisation"), ("keys", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="search", name="locked_problem", field=models.BinaryField(default=bytes)
        ),
    ]
