from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0008_lock_details")]

    operations = [
        migrations.RemoveField(model_name="parent", name=name)
        for name in ("home_cell", "children_ages", "ages_on", "safe_contact", "safe_email")
    ]
