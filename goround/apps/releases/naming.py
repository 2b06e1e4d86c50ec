"""What a table's rows and columns are called. A release keeps its names, as they were then."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.models import Network, Organisation, Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.releases.catalogue import Table
from goround.apps.releases.money import currency_code
from goround.apps.releases.outcomes import outcome_names

Names = dict[str, str]

TITLES: dict[str, str | Promise] = {
    "snapshot": _("Snapshot of a year"),
    "month": _("Statistics of a month"),
    "groups": _("Attendance of each group in a year"),
    "outcomes": _("What changed for parents in a year"),
    "federal-year": _("Federal year, October to September"),
    "costs": _("What groups cost in a year"),
}
MEASURES: dict[str, str | Promise] = {
    "parents": _("Parents who took part"),
    "followed": _("asked before and again after"),
    "recalled": _("asked once, about before and now"),
    "families": _("Families"),
    "children": _("Children of parents who took part"),
    "trained": _("Facilitators trained"),
    "attendances": _("Parents attending"),
    "children-attendances": _("Children attending"),
    "groups": _("Groups that met"),
    "meetings": _("Meetings"),
    "groups-with-costs": _("Groups whose costs were entered"),
    "paid": _("Paid"),
    "donated": _("Given, at its value"),
    "rounded-to": _("Rounded to"),
}
SPLITS: dict[str, str | Promise] = {
    "gender": _("by gender"),
    "source": _("by who referred them"),
    "newness": _("new and returning"),
    "type": _("by type"),
    "disability": _("by whether the parent lives with a disability"),
    "child-disability": _("by whether a child lives with a disability"),
    "state": _("held, cancelled and not recorded"),
}
CATEGORIES: dict[str, str | Promise] = {
    "gender:female": _("Women"),
    "gender:male": _("Men"),
    "gender:other": _("Another answer"),
    "newness:new": _("New"),
    "newness:returning": _("Returning"),
    "state:held": _("Held"),
    "state:cancelled": _("Cancelled"),
    "state:not-recorded": _("Not recorded"),
    "disability:told": _("Told that they do"),
    "child-disability:told": _("Told that one does"),
    "type:any": _("No particular type"),
    "moved:improved": _("Better"),
    "moved:not-better": _("The same or worse"),
    "moved:worse": _("Of these worse"),
    "moved:same": _("Of these the same"),
}


def names_of(network: Network, table: Table) -> Names:
    """The network, its organisations, and the words of their playbooks and surveys."""
    hosts = Organisation.objects.filter(network=network).order_by("pk")
    names = {"network": network.name, **{str(host.pk): host.name for host in hosts}}
    names["currency"] = currency_code(list(hosts))
    for programme in Programme.objects.filter(organisation__in=hosts).order_by("pk"):
        rules = playbook_of(programme)
        names |= {f"source:{one.key}": one.label for one in rules.referral_sources}
        names |= {f"type:{one.key}": one.label for one in rules.types}
    return names | (outcome_names(list(hosts)) if table.has_outcomes else {})


def category(names: Names, split: str, key: str) -> str:
    if key == "not-said":
        return str(_("Not known"))
    told = names.get(f"{split}:{key}") or CATEGORIES.get(f"{split}:{key}")
    return str(told or key)
