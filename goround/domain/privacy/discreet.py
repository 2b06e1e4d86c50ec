"""Words that tell somebody looking over a shoulder what this is about.

No message, no title of a page and no calendar entry may hold one of them: a telephone lights up on
a kitchen table, and a history is read by whoever shares the device.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

# Beginnings of words. English is looked for in every language: it is what is left untranslated.
REVEALING: Mapping[str, tuple[str, ...]] = {
    "en": (
        "abus", "addict", "alcohol", "anonym", "batter", "break glass", "break-glass", "case",
        "carer", "child", "circle", "concern", "coordinator", "counsel", "court", "crisis",
        "custody", "danger", "depress", "divorc", "domestic", "drug", "facilitator", "famil",
        "father", "foster", "goround", "go-round", "group", "harm", "intake", "kid", "member",
        "mental", "mother", "mutual", "neglect", "parent", "peer", "playbook", "programme",
        "program", "protect", "recover", "referral", "referred", "refuge", "safe", "secret",
        "self-care", "self-help", "shelter", "social work", "stress", "suicid", "support",
        "survivor", "therap", "trauma", "victim", "violen", "welfare",
    ),
    "es": (
        "abus", "acogida", "adicci", "alcohol", "anonim", "apoyo", "asesor", "ayuda", "caso",
        "circulo", "coordinador", "crisis", "custodia", "denuncia", "depresi", "divorci",
        "droga", "emergencia", "facilitador", "famili", "grupo", "hijo", "hija", "infan",
        "maltrat", "madre", "menor", "miembro", "nino", "nina", "padre", "papa", "mama",
        "peligro", "programa", "proteccion", "psicol", "refugio", "salud mental", "secreto",
        "segur", "suicid", "terap", "trauma", "tribunal", "victima", "violen",
    ),
    "ar": (
        "إدمان", "أزمة", "أزمات", "أسرة", "أسر", "أسرت", "أطفال", "أمهات", "آباء", "أبناء",
        "أولاد", "أهل", "أهالي", "أولياء", "والد", "طفل", "طفلة", "طفلك", "طفلين", "طفلان",
        "عائلة", "عائلات", "عائلت", "عنف", "تعنيف", "معنف", "مجموعة", "مجموعات", "مجموعت",
        "محكمة", "محاكم", "دعم", "داعم", "علاج", "حماية", "خطر", "مخاطر", "سري", "سرية", "أسرار",
        "ضحية", "ضحايا", "طلاق", "مأوى", "ملجأ", "ملاجئ", "نفسي", "برنامج", "برامج", "منسق",
        "ميسر", "عضو", "أعضاء", "حلقة", "حلقات", "إساءة", "إساءات", "انتحار", "صدمة", "صدمات",
        "حضانة", "رعاية", "مساعدة", "مساعدات", "إحالة", "إحالات", "مخدرات", "كحول", "اكتئاب",
        "بلاغ", "قلق", "ناجين", "ناجيات",
    ),
}  # fmt: skip
# Arabic writes "and", "the", "for" and "with" onto the front of a word, several at once.
_ARABIC_FRONT = "[وف]?[بكل]?(?:ال|لل)?"


def revealing(text: str, *, language: str) -> list[str]:
    """The revealing beginnings found, in the language and in English; empty for discreet words.

    Capitals and accents do not matter.

    >>> revealing("Your Support-Group meets", language="es")
    ['group', 'support']
    >>> revealing("See you on Tuesday at 18:00", language="en")
    []
    """
    told = _plain(text)
    base = language.split("-", maxsplit=1)[0].lower()
    languages = dict.fromkeys(["en", base])
    found = [
        word
        for known in languages
        for word, pattern in _patterns(known).items()
        if pattern.search(told)
    ]
    return sorted(set(found))


def _plain(text: str) -> str:
    """Small letters without accents, and no character that nobody sees inside a word."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in parts if unicodedata.category(letter) not in {"Mn", "Cf"})


@lru_cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    words = REVEALING.get(language, ())
    front = _ARABIC_FRONT if language == "ar" else ""
    # Arabic's short words are whole words only: their letters begin many others.
    return {
        word: re.compile(rf"(?<![^\W\d_]){front}{re.escape(_plain(word))}{_end(word, language)}")
        for word in words
    }


def _end(word: str, language: str) -> str:
    return r"(?![^\W\d_])" if language == "ar" and len(word) < 4 else ""
