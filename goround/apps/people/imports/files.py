"""What somebody uploaded, as text: or a sentence that says why it cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.domain.matching.files import HeaderError
from goround.domain.matching.reading import raw_rows

MOST_BYTES = 24 * 1024 * 1024

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class ListUnusable(Exception):
    """The file as a whole cannot be read. The text tells the person who uploaded it."""


def text_of(data: bytes) -> str:
    """The file's text. Raises ``ListUnusable`` for what is no CSV in UTF-8."""
    if len(data) > MOST_BYTES:
        raise ListUnusable(
            _("The file is larger than %(most)s MB. Split it into smaller lists.")
            % {"most": MOST_BYTES // 1024 // 1024}
        )
    if not data.strip():
        raise ListUnusable(_("The file is empty. Choose the list and send it again."))
    if data.startswith(_SPREADSHEETS):
        raise ListUnusable(
            _(
                "This is a spreadsheet, whatever its name ends in. Open it, choose "
                "“Save as”, take “CSV UTF-8”, and send that file."
            )
        )
    if data.startswith(_WIDE) or b"\0" in data:
        raise ListUnusable(_not_utf8())
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        where = _("It begins to differ in line %(n)s.") % {"n": line}
        raise ListUnusable(f"{_not_utf8()} {where}") from None


def _not_utf8() -> str:
    return _(
        "The file's letters are not in UTF-8, so names would come out wrong. In your "
        "spreadsheet choose “Save as” and “CSV UTF-8”, and send it again."
    )


def lines_of(text: str) -> list[str]:
    """The lines as a CSV reader wants them, ends and all."""
    return list(StringIO(text, newline=""))


def check_header(text: str, *, file: str, columns: Sequence[str]) -> None:
    """Raise ``ListUnusable`` when the first line does not name the columns, or none follows."""
    lines = lines_of(text)
    try:
        first = next(raw_rows(lines, file=file, must=columns), None)
    except HeaderError as error:
        if ";" in lines[0] and "," not in lines[0]:
            raise ListUnusable(
                _(
                    "The columns are separated by semicolons. Goround needs commas: choose "
                    "“CSV UTF-8, separated by commas” when you save the list."
                )
            ) from None
        raise ListUnusable(
            _(
                "%(what)s The first line must name the columns; these are needed: %(columns)s. "
                "Nothing was kept."
            )
            % {"what": what_is_wrong(error), "columns": ", ".join(columns)}
        ) from None
    if first is None:
        raise ListUnusable(_("The file names its columns and has no rows below them."))


def what_is_wrong(error: HeaderError) -> str:
    """Why the list as a whole cannot be read; what only lists of places meet stays English."""
    if error.twice:
        return _("Two columns are named “%(name)s”.") % {"name": error.twice}
    if names := ", ".join(error.missing):
        words = ngettext(
            "The column %(names)s is missing.",
            "The columns %(names)s are missing.",
            len(error.missing),
        )
        return words % {"names": names}
    if error.unreadable:
        return _("Line %(n)s cannot be read as CSV.") % {"n": error.unreadable}
    return str(error)
