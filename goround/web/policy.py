"""Who may open which page: one line a page, and the only place that says so.

``PolicyMiddleware`` asks this table before any view runs, and a page that is not in it does
not open for anybody. ``tests/web/test_policy.py`` goes through every address of the resolver.

What somebody may *see* on a page they may open is the selectors' business.
"""

from __future__ import annotations

from enum import Enum

from goround.apps.organisations.roles import Permission


class Anyone(Enum):
    """Pages that ask for no role."""

    VISITOR = "a visitor, signed in or not"
    SIGNED_IN = "anybody signed in"


Rule = Permission | Anyone

POLICY: dict[str, Rule] = {
    # Public
    "healthz": Anyone.VISITOR,
    "set_language": Anyone.VISITOR,
    "public:home": Anyone.VISITOR,
    "public:crisis": Anyone.VISITOR,
    "public:sign_in": Anyone.VISITOR,
    "public:sign_out": Anyone.VISITOR,
    "public:be_somebody": Anyone.VISITOR,
    "public:join": Anyone.VISITOR,
    "public:joined": Anyone.VISITOR,
    "public:privacy": Anyone.VISITOR,
}
