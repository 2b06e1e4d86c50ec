"""The paper itself: one tagged PDF page, made in memory and kept nowhere."""

from __future__ import annotations

import json
from importlib import resources

import typst
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from goround.apps.proofs.codes import as_printed
from goround.apps.proofs.models import Proof
from goround.apps.reader.words import readers_language


def paper_of(proof: Proof, *, code: str, check_at: str) -> bytes:
    """The paper in the language of the page. ``check_at`` is the address where it is checked.

    Without a day or a time of making inside the file: it says no more than it shows.
    """
    template = (resources.files(__package__) / "paper.typ").read_bytes()
    made: bytes = typst.compile(
        template,
        format="pdf",
        sys_inputs={"told": json.dumps(_told(proof, code, check_at))},
        pdf_standards="ua-1",
    )
    return made


def _told(proof: Proof, code: str, check_at: str) -> dict[str, object]:
    days = proof.days()
    issued, until = (date_format(day, _("j F Y")) for day in (proof.issued_on, proof.until_on))
    counted = ngettext("%(n)s day in all.", "%(n)s days in all.", len(days)) % {"n": len(days)}
    named = _("Programme: %(name)s") % {"name": proof.programme} if proof.programme else ""
    return {
        "lang": readers_language().split("-")[0],
        "rtl": get_language_bidi(),
        "paper": "a4",
        "issuer": proof.issuer,
        "title": _("Proof of attendance"),
        "says": _("%(issuer)s confirms that one and the same person attended on these days:")
        % {"issuer": proof.issuer},
        "programme": named,
        "days": [date_format(day, _("j F Y")) for day in days],
        "sum": counted,
        "nameline": _("Name, written by that person:"),
        "check": _("Given out on %(day)s. Anybody may check this paper by its code:")
        % {"day": issued},
        "code": as_printed(code),
        "address": check_at,
        "until": _("It can be checked until %(day)s.") % {"day": until},
    }
