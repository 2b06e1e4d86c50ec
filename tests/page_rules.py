"""House rules for templates and styles, as functions from source text to broken places."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

# Names that stay as they are in every language.
PROPER_NAMES = {"Goround", "CSV", "AGPL", "English", "Español", "العربية"}
SPOKEN_ATTRIBUTES = {
    "alt", "title", "placeholder", "label", "aria-label", "aria-description",
    "aria-placeholder", "aria-roledescription", "aria-valuetext", "hx-confirm", "hx-prompt",
}  # fmt: skip
NOT_PROSE = {"code", "pre", "kbd", "samp", "script", "style"}
LOADING_ATTRIBUTES = {
    "src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "xlink:href",
    "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "sse-connect",
}  # fmt: skip
TRANSLATING = {"blocktranslate", "blocktrans", "comment"}
HIDDEN = "\ue000"  # stands where a tag or variable was; no letter
LETTERS = re.compile(r"[^\W\d_]+")
ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
STYLE_ELSEWHERE = re.compile(
    r"""(?:url\(\s*["']?|@import\s+["'])\s*(?:https?:)?//""", re.IGNORECASE
)
SCRIPT_ELSEWHERE = re.compile(r"""["'`](?:https?|wss?)://(?!www\.w3\.org/)""", re.IGNORECASE)


class _Page(HTMLParser):
    """Walks a template whose Django tags are hidden and notes what breaks a rule."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.inside: list[str] = []
        self.untranslated: list[str] = []
        self.inline: list[str] = []
        self.foreign: list[str] = []

    def place(self, what: str) -> str:
        return f"{self.name}:{self.getpos()[0]} {what}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"} and (tag == "style" or not dict(attrs).get("src")):
            self.inline.append(self.place(f"<{tag}> in the page"))
        for attribute, value in attrs:
            # A tag of Django's may stand right before: {% if … %}style="…"{% endif %}
            self._attribute(tag, attribute.strip(HIDDEN), value or "", dict(attrs))
        if tag in NOT_PROSE:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self._spoken(data)

    def _attribute(
        self, tag: str, attribute: str, value: str, attributes: dict[str, str | None]
    ) -> None:
        if attribute == "style" or attribute.startswith(("on", "hx-on")):
            self.inline.append(self.place(f"{attribute}= in the page"))
        loads = attribute in LOADING_ATTRIBUTES or (attribute == "href" and tag != "a")
        if loads and ELSEWHERE.match(value):
            self.foreign.append(self.place(f"{attribute}={value}"))
        if attribute in SPOKEN_ATTRIBUTES or _is_read_out(tag, attribute, attributes):
            self._spoken(value)

    def _spoken(self, text: str) -> None:
        words = set(LETTERS.findall(text)) - PROPER_NAMES
        if words:
            self.untranslated.append(self.place(" ".join(text.replace(HIDDEN, "…").split())))


def _is_read_out(tag: str, attribute: str, attributes: dict[str, str | None]) -> bool:
    if tag == "input" and attribute == "value":
        return attributes.get("type") in {"submit", "button", "reset"}
    return tag == "meta" and attribute == "content" and attributes.get("name") == "description"


def _read(source: str, name: str) -> _Page:
    page = _Page(name)
    page.feed(_without_django(source))
    page.close()
    return page


def _without_django(source: str) -> str:
    """The template's own words: its tags hidden, its translated passages gone, lines kept."""
    kept, until = [], ""
    for token in Lexer(source).tokenize():
        if until:
            if token.token_type is TokenType.BLOCK and token.contents.split()[0] == until:
                until = ""
            text = token.contents if token.token_type is TokenType.TEXT else ""
            kept.append("\n" * text.count("\n"))
        elif token.token_type is TokenType.TEXT:
            kept.append(token.contents)
        else:
            kept.append(HIDDEN)
            until = _end_of(token)
    return "".join(kept)


def _end_of(token: Token) -> str:
    """The tag up to which nothing is for a translator, or "" when reading goes on."""
    if token.token_type is not TokenType.BLOCK:
        return ""
    opening, *rest = token.contents.split()
    names_a_class = opening == "block" and bool(rest) and rest[0].endswith("_class")
    return f"end{opening}" if opening in TRANSLATING or names_a_class else ""


def untranslated(source: str, name: str) -> list[str]:
    """Words on a page that no translator would find."""
    return _read(source, name).untranslated


def inline_code(source: str, name: str) -> list[str]:
    """Scripts and styles inside a page; the content security policy would drop them."""
    return _read(source, name).inline


def foreign_loads(source: str, name: str) -> list[str]:
    """Anything a page would fetch from elsewhere. Links that a person follows may lead out."""
    return _read(source, name).foreign


def trusted_text(source: str, name: str) -> list[str]:
    """Text put on a page without escaping."""
    broken = []
    for number, line in enumerate(source.splitlines(), start=1):
        if re.search(r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off", line):
            broken.append(f"{name}:{number} {line.strip()}")
    return broken


def foreign_styles(source: str, name: str) -> list[str]:
    return _matching(STYLE_ELSEWHERE, source, name)


def foreign_scripts(source: str, name: str) -> list[str]:
    return _matching(SCRIPT_ELSEWHERE, source, name)


def _matching(pattern: re.Pattern[str], source: str, name: str) -> list[str]:
    return [
        f"{name}:{number} {line.strip()[:80]}"
        for number, line in enumerate(source.splitlines(), start=1)
        if pattern.search(line)
    ]
