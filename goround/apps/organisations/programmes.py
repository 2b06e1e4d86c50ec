"""Programmes: which playbooks an organisation runs, by what name and behind which door."""

from __future__ import annotations

from datetime import datetime
from itertools import chain, count

from django.db import transaction

from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.playbooks import shipped_playbook, shipped_playbooks, shipped_rules
from goround.apps.organisations.selectors import Viewer, programmes_for
from goround.domain.playbook.read import PlaybookError, read_playbook
from goround.domain.playbook.schema import Playbook

# The longest that ships has 4,000 characters.
LONGEST_RULES = 60_000
# A door has 60 characters; some are for a number that tells two apart.
_ROOM_FOR_SLUG = 54


class DoorTaken(Exception):
    """Another programme, here or elsewhere, has this address."""


class RunsAlready(Exception):
    """The organisation has a programme on this playbook."""


def playbooks_to_start(viewer: Viewer, organisation: Organisation) -> list[Playbook]:
    """Shipped playbooks that the organisation does not run yet. One query."""
    running = {programme.playbook_key for programme in programmes_for(viewer, organisation)}
    return [shipped_playbook(key) for key in shipped_playbooks() if key not in running]


def free_door(viewer: Viewer, organisation: Organisation) -> str:
    """An address nobody has, to begin with: it names the organisation and no programme."""
    first = organisation.slug[:_ROOM_FOR_SLUG]
    taken = set(Programme.objects.filter(door__startswith=first).values_list("door", flat=True))
    names = chain([first], (f"{first}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


@transaction.atomic
def start_programme(
    *,
    organisation: Organisation,
    playbook_key: str,
    name: str,
    door: str,
    takes_self_referrals: bool,
    by: Actor | None,
    at: datetime,
) -> Programme:
    """Run a shipped playbook. Raises ``RunsAlready`` or ``DoorTaken``; KeyError for no playbook."""
    playbook = shipped_playbooks()[playbook_key]
    # Whoever pressed the button twice waits here and is then told that it runs already.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if Programme.objects.filter(organisation=organisation, playbook_key=playbook.key).exists():
        raise RunsAlready(f"{organisation} runs {playbook.key}")
    programme = Programme(
        organisation=organisation,
        playbook_key=playbook.key,
        name=name,
        door=door,
        takes_self_referrals=takes_self_referrals,
    )
    _must_be_free(programme)
    programme.full_clean()
    programme.save()
    audit.record("programme.started", programme, by=by, at=at, playbook=playbook.key)
    return programme


@transaction.atomic
def change_programme(
    *,
    programme: Programme,
    name: str,
    door: str,
    takes_self_referrals: bool,
    by: Actor | None,
    at: datetime,
) -> Programme:
    """Another name or door, or the door opened or closed. Raises ``DoorTaken``.

    Nothing is written when nothing differs. An old door leads nowhere from then on.
    """
    programme = _hold(programme)
    wanted = {"name": name, "door": door, "takes_self_referrals": takes_self_referrals}
    changed = sorted(field for field, value in wanted.items() if getattr(programme, field) != value)
    if not changed:
        return programme
    for field in changed:
        setattr(programme, field, wanted[field])
    _must_be_free(programme)
    programme.full_clean()
    programme.save(update_fields=changed)
    audit.record("programme.changed", programme, by=by, at=at, fields=changed)
    return programme


def read_copy(programme: Programme, text: str, *, source: str) -> Playbook:
    """The network's own copy for this programme. Raises ``PlaybookError`` with every mistake."""
    if len(text) > LONGEST_RULES:
        raise PlaybookError(
            [f"{source}: has {len(text)} characters; it must have {LONGEST_RULES} at most"]
        )
    playbook = read_playbook(text, source=source)
    if playbook.key != programme.playbook_key:
        raise PlaybookError(
            [
                f"{source}: key is '{playbook.key}'; "
                f"it must stay '{programme.playbook_key}', the playbook this programme runs"
            ]
        )
    return playbook


@transaction.atomic
def use_own_rules(
    *, programme: Programme, text: str, source: str, by: Actor | None, at: datetime
) -> Programme:
    """Put the network's own copy in force; groups are measured against it from then on.

    No group is changed by it. A copy without any change is the shipped playbook, which then
    stays in force. Raises ``PlaybookError``, and nothing is changed.
    """
    programme = _hold(programme)
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    read_copy(programme, text, source=source)
    is_shipped = text.rstrip() == shipped_rules(programme.playbook_key).rstrip()
    return _put_in_force(programme, "" if is_shipped else text, by=by, at=at)


@transaction.atomic
def use_shipped_rules(*, programme: Programme, by: Actor | None, at: datetime) -> Programme:
    """Go back to the playbook as it ships. The network's own copy is not kept."""
    return _put_in_force(_hold(programme), "", by=by, at=at)


def _put_in_force(programme: Programme, own: str, *, by: Actor | None, at: datetime) -> Programme:
    if programme.own_rules == own:
        return programme
    programme.own_rules = own
    programme.save(update_fields=["own_rules"])
    audit.record("programme.rules_changed", programme, by=by, at=at, own=bool(own))
    return programme


def _hold(programme: Programme) -> Programme:
    """The programme as it is now, and nobody else's to change before this is done."""
    return Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)


def _must_be_free(programme: Programme) -> None:
    if Programme.objects.filter(door=programme.door).exclude(pk=programme.pk).exists():
        raise DoorTaken(f"{programme} cannot have the door of another")
