from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0011_lock_lists")]

    operations = [
        migrations.RemoveField(model_name="listimport", name="text"),
        migrations.RemoveField(model_name="rejectedrow", name="row_id"),
        migrations.RemoveField(model_name="rejectedrow", name="reason"),
        migrations.AddConstraint(
            model_name="listimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["reading", "read", "saving"]),
                    ("locked_text", None),
                    _connector="OR",
                ),
                name="list_import_text_goes_at_the_end",
            ),
        ),
    ]
