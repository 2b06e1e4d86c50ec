"""What parents told so far is locked, each with a key of their own. In a migration by itself:
PostgreSQL changes no table in a transaction that has just written to it.
"""

from itertools import groupby

from django.db import migrations

from goround.apps.keys.holding import new_nonce, new_parent_keys
from goround.apps.people.details import NOTHING_SAID, Details
from goround.domain.privacy.envelope import Spot, lock

AT_ONCE = 2_000


def lock_details(apps, schema_editor):
    rows = apps.get_model("people", "Parent").objects.order_by("organisation_id", "pk")
    for organisation_id, parents in groupby(rows.iterator(AT_ONCE), lambda row: row.organisation_id):
        told = []
        for parent in parents:
            details = Details(
                parent.home_cell,
                tuple(parent.children_ages),
                parent.ages_on,
                parent.safe_contact,
                parent.safe_email,
            )
            if details != NOTHING_SAID:
                told.append((parent.pk, details))
        for start in range(0, len(told), AT_ONCE):
            _keep(apps, organisation_id, told[start : start + AT_ONCE])


def _keep(apps, organisation_id, told):
    keys = new_parent_keys(organisation_id, [pk for pk, _ in told])
    kept = apps.get_model("people", "ParentDetails")
    kept.objects.bulk_create(
        kept(
            parent_id=pk,
            organisation_id=organisation_id,
            data_key_id=keys[pk].row,
            locked=lock(
                details.as_bytes(),
                key=keys[pk].key,
                spot=Spot("people_parentdetails", "locked", pk, organisation_id),
                nonce=new_nonce(),
            ),
        )
        for pk, details in told
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0007_details")]

    operations = [migrations.RunPython(lock_details)]
