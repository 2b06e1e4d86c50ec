from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_forget_plain_details")]

    operations = [
        migrations.RemoveConstraint(
            model_name="listimport", name="list_import_text_goes_at_the_end"
        ),
        migrations.AddField(
            model_name="listimport", name="locked_text", field=models.BinaryField(null=True)
        ),
        migrations.AddField(
            model_name="rejectedrow",
            name="locked",
            field=models.BinaryField(default=bytes),
            preserve_default=False,
        ),
    ]
