"""The facts of searches hold coarse homes and who is kept apart: lock those there are."""

import json

from django.db import migrations

from goround.apps.keys.content import lock_text


def lock_problems(apps, schema_editor):
    searches = apps.get_model("formation", "Search").objects
    for search in searches.order_by("pk").iterator(1):
        if search.problem:
            search.locked_problem = lock_text(
                json.dumps(search.problem, separators=(",", ":")),
                organisation_id=search.organisation_id,
                table="formation_search",
                column="problem",
                row=search.pk,
            )
            search.save(update_fields=["locked_problem"])


class Migration(migrations.Migration):
    dependencies = [("formation", "0005_locked_problem")]

    operations = [
        migrations.RunPython(lock_problems),
    ]
