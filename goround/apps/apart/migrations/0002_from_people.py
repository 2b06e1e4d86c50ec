"""Records kept with the people until now. Each came with a list; when is not known."""

from django.db import migrations
from django.utils import timezone

from goround.apps.keys.content import lock_text


def copy(apps, schema_editor):
    before = apps.get_model("people", "KeepApart")
    after = apps.get_model("apart", "KeepApart")
    now = timezone.now()
    for row in before.objects.order_by("pk").iterator():
        here = row.organisation_id
        kept = after.objects.create(organisation_id=here, source="list", recorded_at=now)
        kept.locked = lock_text(
            f"{row.one_id} {row.other_id} place",
            organisation_id=here,
            table="apart_keepapart",
            column="locked",
            row=kept.pk,
        )
        kept.save(update_fields=["locked"])


class Migration(migrations.Migration):

    dependencies = [
        ("apart", "0001_initial"),
        ("people", "0001_initial"),
        ("keys", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]
