"""Every entry written so far becomes a link of its organisation's chain."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Coalesce

from goround.apps.audit.chains import chain_key
from goround.domain.privacy.chain import NOTHING_BEFORE, Entry, Head, link, seal

AT_ONCE = 1_000


def chain_all(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Event = apps.get_model("audit", "Event")
    for organisation_id in Event.objects.order_by().values_list("organisation_id", flat=True).distinct():
        _chain(apps, organisation_id)


def _chain(apps: Apps, organisation_id: int | None) -> None:
    Event, Chain = apps.get_model("audit", "Event"), apps.get_model("audit", "Chain")
    key, head, last = chain_key(), Head(organisation_id, 0, NOTHING_BEFORE), 0
    mine = Event.objects.filter(organisation_id=organisation_id).order_by("pk")
    while rows := list(mine.filter(pk__gt=last)[:AT_ONCE]):
        for row in rows:
            row.number = head.length + 1
            said = Entry(
                organisation_id, row.number, row.kind, row.subject, row.subject_id, row.by_id,
                row.at, row.facts,
            )
            row.link = link(key, said, before=head.link)
            head = Head(organisation_id, row.number, row.link)
        Event.objects.bulk_update(rows, ["number", "link"], batch_size=200)
        last = rows[-1].pk
    Chain.objects.create(
        organisation_id=organisation_id, length=head.length, link=head.link, seal=seal(key, head)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation_id', models.BigIntegerField(null=True)),
                ('length', models.PositiveBigIntegerField(default=0)),
                ('link', models.CharField(default=NOTHING_BEFORE, max_length=64)),
                ('base_number', models.PositiveBigIntegerField(default=0)),
                ('base_link', models.CharField(default=NOTHING_BEFORE, max_length=64)),
                ('seal', models.CharField(blank=True, max_length=64)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('fault', models.CharField(blank=True, max_length=20)),
                ('fault_number', models.PositiveBigIntegerField(blank=True, null=True)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(Coalesce('organisation_id', 0), name='audit_chain_one_each'),
                    models.CheckConstraint(condition=models.Q(('base_number__lte', models.F('length'))), name='audit_chain_begins_before_it_ends'),
                ],
            },
        ),
        migrations.AddField('event', 'number', models.PositiveBigIntegerField(null=True)),
        migrations.AddField('event', 'link', models.CharField(default='', max_length=64)),
        migrations.RunPython(chain_all, migrations.RunPython.noop),
        migrations.AlterField('event', 'number', models.PositiveBigIntegerField()),
        migrations.AlterField('event', 'link', models.CharField(max_length=64)),
        migrations.AlterField('event', 'organisation_id', models.BigIntegerField(null=True)),
        migrations.AddConstraint('event', models.UniqueConstraint(fields=('organisation_id', 'number'), name='audit_event_one_place_each')),
        migrations.AddConstraint('event', models.UniqueConstraint(condition=models.Q(('organisation_id', None)), fields=('number',), name='audit_event_one_place_each_of_the_installation')),
        migrations.AddConstraint('event', models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='audit_event_counts_from_one')),
    ]
