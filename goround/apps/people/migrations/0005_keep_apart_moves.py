"""Keep-apart records have an app of their own, which has copied them by now."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0004_consents"),
        ("apart", "0002_from_people"),
    ]

    operations = [
        migrations.DeleteModel(name="KeepApart"),
    ]
