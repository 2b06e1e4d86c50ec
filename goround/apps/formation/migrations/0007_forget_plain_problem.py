from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("formation", "0006_lock_problem")]

    operations = [
        migrations.RemoveField(model_name="search", name="problem"),
    ]
