"""The parts pages are made of. ``docs/look.md`` lists them; /styleguide/ shows them.

Each tag's arguments are its whole interface, so a page cannot forget one silently.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.formats import localize, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.apps.reader.words import in_rules as told_in_rules
from goround.apps.reader.words import listed as words_listed
from goround.apps.reader.words import sign
from goround.domain.privacy import Share
from goround.web import icons

register = template.Library()

KINDS = {"info": "info", "good": "check", "warning": "warning", "danger": "stop", "quiet": "circle"}
MESSAGE_KINDS = {"debug": "info", "info": "info", "success": "good"}
MOST_SEATS = 16

register.simple_tag(icons.icon, name="icon")


@register.simple_tag
def comma() -> str:
    """The comma of the reader's language, for two things beside each other."""
    return sign(",")


@register.filter
def listed(words: Iterable[Any]) -> str:
    """Several words with the reader's commas between them."""
    return words_listed(map(str, words))


@register.filter
def in_rules(text: str) -> str:
    """What duties that come with Goround say, in the reader's language."""
    return told_in_rules(text)


@register.filter
def percent(figure: Any) -> str:
    """A share with its sign, which stands where the language has it."""
    return _("%(percent)s %%") % {"percent": localize(figure)}


@register.simple_tag
def colon() -> str:
    """The colon after a name, before what may begin with a figure."""
    return sign(":")


@register.simple_tag
def dot() -> str:
    """The dot between short facts on one line, each of which keeps its place."""
    return sign("·")


@register.simple_tag
def semicolon() -> str:
    """The same for things that may hold commas."""
    return sign(";")


@register.simple_tag
def mark(size: int = 32) -> SafeString:
    """Goround's mark: eight seats in a ring, one of them having its turn. A decoration."""
    classes = ("seat-turn", *["seat-mark"] * 7)
    return format_html(
        '<svg class="ring" width="{}" height="{}" viewBox="0 0 48 48" aria-hidden="true" '
        'focusable="false">{}</svg>',
        size,
        size,
        icons.ring(8, classes),
    )


@register.simple_tag
def seats(taken: int, of: int, label: str = "", size: int = 48) -> SafeString:
    """A group as a ring of ``of`` seats, ``taken`` of them filled; says the same in words.

    More than sixteen seats are too small to see: then there are words only.
    """
    words = label or _("%(taken)s of %(of)s seats taken") % {"taken": taken, "of": of}
    if not 1 <= of <= MOST_SEATS:
        return format_html('<span class="seats-words">{}</span>', words)
    filled = min(taken, of)
    classes = ("seat-taken",) * filled + ("seat-open",) * (of - filled)
    return format_html(
        '<svg class="ring" width="{}" height="{}" viewBox="0 0 48 48" role="img" '
        'aria-label="{}">{}</svg>',
        size,
        size,
        words,
        icons.ring(of, classes),
    )


@register.simple_tag
def badge(words: Any, kind: str = "quiet") -> SafeString:
    """A short state: icon, words and colour, so that colour never says it alone."""
    return format_html(
        '<span class="badge badge-{}">{}{}</span>', kind, icons.icon(KINDS[kind]), words
    )


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Something to know on this page; the content is HTML. Kinds: info good warning danger."""
    heading = format_html('<p class="notice-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice notice-{}">{}<div>{}{}</div></div>',
        kind,
        icons.icon(KINDS[kind]),
        heading,
        content,
    )


@register.filter
def message_kind(level_tag: str) -> str:
    """The notice kind of a message of django.contrib.messages."""
    return MESSAGE_KINDS.get(level_tag, "danger" if level_tag == "error" else "warning")


@register.simple_tag
def kind_icon(kind: str) -> SafeString:
    return icons.icon(KINDS[kind])


@register.inclusion_tag("components/figure.html")
def figure(
    label: Any, value: int | None, of: int | None = None, unknown: int | None = None, note: Any = ""
) -> dict[str, Any]:
    """A number that can be believed: with what it is out of, and how many are unknown.

    ``value`` None shows "not known", never 0. The share is of ``of``, to one decimal.
    """
    # Share rounds; number_format would cut 14.98 % down to 14.9 %.
    # More than all of it (a target outdone) is no share.
    percent = Share(value, of).percent if of and value is not None and value <= of else None
    share = "" if percent is None else number_format(percent, 1)
    return {
        "label": label,
        "value": "" if value is None else number_format(value, force_grouping=True),
        "of": None if of is None else number_format(of, force_grouping=True),
        "share": share,
        "unknown": None
        if unknown is None
        else ngettext("%(n)s unknown", "%(n)s unknown", unknown)
        % {"n": number_format(unknown, force_grouping=True)},
        "note": note,
    }


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: Any = "", optional_mark: bool = True) -> dict[str, Any]:
    """One field of a form: label, help, error and control, tied together for everybody.

    Text, number, date, select, textarea, file, one checkbox, radios and checkbox groups.
    An optional field says so, unless ``optional_mark`` is False (filters, say).
    """
    widget = bound.field.widget
    return {
        "bound": bound,
        "label": label or bound.label,
        "says_optional": optional_mark and not bound.field.required and not _one_box(widget),
        "shape": _shape(widget),
        "describedby": bound.aria_describedby or "",
    }


def _one_box(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.CheckboxInput)


def _shape(widget: forms.Widget) -> str:
    if _one_box(widget):
        return "box"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.NumberInput) and "data-stepper" in widget.attrs:
        return "stepper"
    if widget.use_fieldset:
        return "fieldset"
    return "line"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """What to correct, at the top of a page, each line a link to its field."""
    fields = [(bound, error) for bound in form for error in bound.errors]
    return {
        "whole": list(form.non_field_errors()),
        "fields": fields,
        "any": bool(form.errors),
    }


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: dict[str, Any], page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Links to the other pages of a long list, keeping the filters of this address."""
    query = context["request"].GET.copy()
    links = {}
    if page.has_previous():
        query[name] = str(page.previous_page_number())
        links["previous"] = f"?{query.urlencode()}"
    if page.has_next():
        query[name] = str(page.next_page_number())
        links["next"] = f"?{query.urlencode()}"
    return {
        "page": page,
        "number": page.number,
        "total": page.paginator.num_pages,
        "first": page.start_index(),
        "last": page.end_index(),
        "count": page.paginator.count,
        "previous": links.get("previous", ""),
        "next": links.get("next", ""),
    }


@register.inclusion_tag("components/empty.html")
def empty(title: Any, text: Any = "", url: str = "", action: Any = "") -> dict[str, Any]:
    """Nothing here yet, why, and what to do next."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/progress.html")
def progress(
    done: int, total: int | None, text: Any, poll: str = "", id: str = "progress"
) -> dict[str, Any]:
    """Work going on in the background. ``total`` None: it is not known how much.

    ``poll`` is an address answering with this part again (htmx asks every second). For
    those without JavaScript put ``components/refresh.html`` into ``{% block head %}``.
    """
    share = None if not total else min(100, round(100 * done / total))
    return {"done": done, "total": total, "share": share, "text": text, "poll": poll, "id": id}


@register.inclusion_tag("components/seat.html")
def seat(
    name: str, value: Any, label: Any, checked: bool = False, note: Any = ""
) -> dict[str, Any]:
    """A big button to tap somebody present: a checkbox drawn as a seat that fills."""
    return {"name": name, "value": value, "label": label, "checked": checked, "note": note}


@register.inclusion_tag("components/undo.html", takes_context=True)
def undo(context: dict[str, Any], text: Any, url: str) -> dict[str, Any]:
    """What was just done, and one button that takes it back (a POST to ``url``)."""
    return {"text": text, "url": url, "csrf_token": context.get("csrf_token", "")}
