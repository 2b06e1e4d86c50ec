"""What the frame around every page needs: the links open to the viewer, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goround.apps.organisations.roles import Permission
from goround.web.policy import POLICY, Anyone

register = template.Library()

Words = str | Promise

# Address name, words, icon. The first four stay in sight on a phone, the first six elsewhere.
ORGANISATION_PAGES: tuple[tuple[str, Words, str], ...] = (
    ("coordinator:desk", _("Today"), "home"),
    ("coordinator:waiting", _("Waiting"), "waiting"),
    ("coordinator:rounds", pgettext_lazy("menu", "Rounds"), "round"),
    ("coordinator:groups", _("Groups"), "groups"),
    ("facilitator:groups", _("My groups"), "circle"),
    ("children:today", _("Children"), "person"),
    ("coordinator:venues", _("Venues"), "place"),
    ("coordinator:facilitators", _("Facilitators"), "trained"),
    ("lead:desk", _("Safeguarding"), "shield"),
    ("lead:pairs", _("Keep apart"), "apart"),
    ("lead:barred", _("May not collect"), "stop"),
    ("sealed:records", _("Sealed records"), "lock"),
    ("coordinator:outbox", _("Outbox"), "text"),
    ("coordinator:month", _("Month"), "calendar"),
    ("coordinator:snapshot", _("Snapshot"), "chart"),
    ("coordinator:costs", _("Costs"), "coin"),
    ("evidence:surveys", _("Evidence"), "trend"),
    ("coordinator:glass_break", _("Emergency"), "unlock"),
    ("coordinator:surveys", _("Surveys"), "survey"),
    ("coordinator:programmes", _("Programmes"), "book"),
    ("coordinator:people", _("People"), "person"),
)
NETWORK_PAGES: tuple[tuple[str, Words, str], ...] = (
    ("network:month", _("Month"), "calendar"),
    ("network:snapshot", _("Snapshot"), "chart"),
    ("network:report", _("Report"), "book"),
    ("network:target", _("Target"), "groups"),
    ("network:releases", pgettext_lazy("menu", "Releases"), "upload"),
)


@dataclass(frozen=True)
class NavLink:
    url: str
    words: Words
    icon: str
    # What aria-current says: "page" on the page itself, "true" on one below it, else empty.
    current: str = ""


@register.simple_tag(takes_context=True)
def nav_links(context: dict[str, Any]) -> list[NavLink]:
    """The pages the policy opens to this viewer where they are; the current one marked."""
    if context.get("organisation") is not None:
        pages = _open(ORGANISATION_PAGES, context["organisation"].slug, context["permissions"])
    elif context.get("network") is not None:
        pages = _open(NETWORK_PAGES, context["network"].slug, {P.name for P in Permission})
    else:
        return []
    return _marked(pages, context["request"].path)


@register.simple_tag
def quick_exit_url() -> str:
    return settings.QUICK_EXIT_URL


@register.simple_tag(takes_context=True)
def idle_minutes(context: dict[str, Any]) -> int:
    """After how long a page of somebody signed in hides itself; 0 for visitors.

    A session may say less, as on a device that is shared.
    """
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return 0
    return int(request.session.get("idle_minutes", settings.IDLE_MINUTES))


def links_for(
    pages: tuple[tuple[str, Words, str], ...], slug: str, held: set[str]
) -> list[NavLink]:
    """The pages of one organisation or network that somebody holding ``held`` may open."""
    return _open(pages, slug, held)


def _open(pages: tuple[tuple[str, Words, str], ...], slug: str, held: set[str]) -> list[NavLink]:
    links = []
    for name, words, icon in pages:
        rule = POLICY.get(name)
        if rule is Anyone.SIGNED_IN or (isinstance(rule, Permission) and rule.name in held):
            try:
                links.append(NavLink(reverse(name, args=[slug]), words, icon))
            except NoReverseMatch:
                continue
    return links


def _marked(links: list[NavLink], path: str) -> list[NavLink]:
    """The link whose address begins the most of this page's address is the current one."""
    around = [link.url for link in links if path.startswith(link.url)]
    nearest = max(around, key=len, default=None)
    return [
        NavLink(link.url, link.words, link.icon, "page" if link.url == path else "true")
        if link.url == nearest
        else link
        for link in links
    ]
