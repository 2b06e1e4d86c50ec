"""A word of its own in every text of one organisation, so that a page that leaks one shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from goround.apps.organisations.fields import SeveralField

# Texts nobody writes freely. Each says why no canary can live there.
CLOSED = {
    "accounts.Passkey.credential_hash": "a hash",
    "accounts.RecoveryCode.words_hash": "a hash",
    "accounts.SignIn.session_key": "a number of a session",
    "accounts.Tries.name_hash": "a hash",
    "accounts.Tries.secret": "a word of ours",
    "accounts.User.handle": "small letters only; it holds the canary in small letters",
    "accounts.User.language": "a language code",
    "accounts.User.password": "a hash",
    "accounts.User.session_stamp": "a number of ours",
    "accounts.WayIn.words_hash": "a hash",
    "audit.Chain.base_link": "a hash",
    "audit.Chain.fault": "a word of ours",
    "audit.Chain.link": "a hash",
    "audit.Chain.seal": "a hash",
    "audit.Event.facts": "ids and counts, and part of a chain",
    "audit.Event.kind": "a word of ours",
    "audit.Event.link": "a hash",
    "audit.Event.subject": "a word of ours",
    "backups.Backup.file_name": "of the whole installation",
    "children.Child.band": "a key of the playbook",
    "circle.CircleDevice.token_hash": "a hash",
    "circle.OpenCircle.code": "letters and digits of ours",
    "circle.OpenCircle.state": "numbers of seats",
    "decisions.Decision.electorate": "ids",
    "decisions.Decision.result": "counts",
    "decisions.Decision.standing": "ids",
    "decisions.Voice.choice": "numbers of options",
    "formation.Advice.found": "ids and figures",
    "formation.Proposal.about": "ids and figures",
    "formation.Proposal.answer": "ids and figures",
    "formation.Proposal.figures": "ids and figures",
    "formation.Round.settings": "ids and figures",
    "formation.Search.left_out": "ids",
    "formation.Search.settings": "ids and figures",
    "groups.Group.language": "a language code",
    "groups.Group.rrule": "a rule of the calendar",
    "groups.Group.skipped_days": "days",
    "groups.Group.time_zone": "a name from a list",
    "groups.Group.type": "a key of the playbook",
    "jobs.Job.kind": "a word of ours",
    "jobs.Job.progress": "counts",
    "jobs.Job.worker": "a process",
    "keys.OrganisationKey.root_id": "the number of a key",
    "keys.SealedText.kind": "a word of ours",
    "keys.Sentinel.root_id": "the number of a key",
    "marks.Taken.key": "a key of ours",
    "marks.Taken.seats": "ids",
    "marks.Taken.seen": "ids and counts",
    "marks.Tally.by_hand": "ids and counts",
    "marks.Tally.made": "ids and counts",
    "marks.Tally.refused": "ids",
    "organisations.Network.slug": "in addresses; it holds the canary in small letters",
    "organisations.Organisation.slug": "in addresses; it holds the canary in small letters",
    "organisations.Organisation.time_zone": "a name from a list",
    "organisations.Programme.door": "in addresses; it holds the canary in small letters",
    "organisations.Programme.playbook_key": "a key of a playbook",
    "organisations.Venue.features": "keys from a list",
    "organisations.Venue.slots": "hours",
    "outbox.Message.event": "ids and times",
    "outbox.Message.facts": "times",
    "outbox.Message.kind": "a word of ours",
    "outbox.Message.worker": "a process",
    "people.Facilitator.available": "hours",
    "people.Facilitator.home_cell": "a cell of the map",
    "people.Facilitator.interests": "keys of the playbook",
    "people.Facilitator.languages": "language codes",
    "people.Parent.available": "hours",
    "people.Parent.interests": "keys of the playbook",
    "people.Parent.languages": "language codes",
    "people.Parent.modes": "words of ours",
    "people.Parent.needs": "keys from a list",
    "people.Postcode.cell": "a cell of the map",
    "people.Referral.receipt_hash": "a hash",
    "people.Referral.source": "a key of the playbook",
    "people.Training.kind": "a key of the playbook",
    "proofs.Proof.code_hash": "a hash",
    "proofs.Proof.dates": "days",
    "records.KeepingRules.text": "rules of a network, in numbers",
    "releases.Basis.figures": "ids, keys and counts",
    "releases.Draft.figures": "ids, keys and counts",
    "releases.Draft.refused_for": "a word of ours",
    "releases.Draft.table": "a word of ours",
    "releases.Release.link": "random; whoever has it may read the release",
    "releases.Release.names": "names that everybody reads who may read the release",
    "releases.Release.seal": "a hash",
    "releases.Release.table": "a word of ours",
    "releases.ReleasedFigure.category": "a key of a playbook or a word of ours",
    "releases.ReleasedFigure.measure": "a word of ours",
    "releases.ReleasedFigure.split": "a word of ours",
    "safeguarding.Plan.duties_key": "a key of a list of duties",
    "safeguarding.Plan.own_duties": "duties of the law, as a file of rules",
    "safeguarding.Step.duty": "a name from a list of duties",
    "surveys.Respondent.link_hash": "a hash",
    "surveys.Response.once": "a hash",
    "surveys.Survey.key": "a key of an instrument",
    "surveys.SurveyVersion.text": "read as TOML; it holds the canary in its name",
    "surveys.Wave.code": "letters and digits of ours",
    "surveys.Wave.minutes": "counts",
}


def canary(word: str) -> str:
    return f"CANARY-{word}"


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("goround.")]


def text_fields(model: type[models.Model]) -> Iterator[tuple[str, Any]]:
    """Every column that holds words, with its name as in ``CLOSED``."""
    for field in model._meta.concrete_fields:
        holds_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        if holds_text and not field.choices:
            yield f"{model._meta.label}.{field.name}", field


def newest_rows() -> dict[type[models.Model], int]:
    return {
        model: model._base_manager.aggregate(newest=models.Max("pk"))["newest"] or 0
        for model in our_models()
    }


def fill(word: str, *, since: dict[type[models.Model], int]) -> None:
    """Put the canary into every open text of every row made since, where the table allows it."""
    for model in our_models():
        fields = [field for name, field in text_fields(model) if name not in CLOSED]
        for row in model._base_manager.filter(pk__gt=since[model]) if fields else ():
            for field in fields:
                _set(model, row, field, word)


def _set(model: type[models.Model], row: models.Model, field: Any, word: str) -> None:
    if canary(word) in str(getattr(row, field.name)):
        return
    try:
        with transaction.atomic():
            rows = model._base_manager.filter(pk=row.pk)
            rows.update(**{field.name: _text(row, field, word)})
    except IntegrityError:
        # As a reason on a meeting that was not cancelled; another row of the world has it.
        return


def _text(row: models.Model, field: Any, word: str) -> Any:
    said = f"{canary(word)} {row._meta.model_name} {field.name}"
    match field:
        case models.EmailField():
            return f"{canary(word)}-{row.pk}@example.org"
        case SeveralField():
            return (said,)
        case models.JSONField():
            return [said]
    # Numbered before it is cut, for columns whose texts differ from one another.
    return f"{canary(word)} {row.pk} {row._meta.model_name} {field.name}"[: field.max_length]


def texts_without(word: str) -> list[str]:
    """Open texts of which no row holds this canary."""
    return [
        name
        for model in our_models()
        for name, field in text_fields(model)
        if name not in CLOSED
        and not any(
            canary(word) in str(v) for v in model._base_manager.values_list(field.name, flat=True)
        )
    ]
