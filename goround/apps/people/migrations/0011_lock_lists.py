"""Uploaded lists that are on their way in, and the rows of them that were left out."""

import json

from django.db import migrations

from goround.apps.keys.content import locker
from goround.domain.privacy.envelope import Spot

AT_ONCE = 2_000


def lock_lists(apps, schema_editor):
    lists = apps.get_model("people", "ListImport").objects
    rejected = apps.get_model("people", "RejectedRow").objects
    for listed in lists.order_by("pk").iterator(1):
        organisation_id = listed.organisation_id
        lock = locker(organisation_id)
        if listed.text:
            spot = Spot("people_listimport", "text", listed.pk, organisation_id)
            listed.locked_text = lock(listed.text, spot)
            listed.save(update_fields=["locked_text"])
        rows = []
        for row in rejected.filter(list_import=listed):
            spot = Spot("people_listimport", f"line {row.line}", listed.pk, organisation_id)
            row.locked = lock(json.dumps([row.row_id, row.reason]), spot)
            rows.append(row)
        rejected.bulk_update(rows, ["locked"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("people", "0010_locked_lists")]

    operations = [migrations.RunPython(lock_lists)]
