"""Words nobody may read over somebody's shoulder."""

import pytest

from goround.domain.privacy.discreet import REVEALING, revealing


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Reminder: the Parents' Circle", "en", ["circle", "parent"]),
        ("SUPPORT", "en", ["support"]),
        ("supp\u00adort", "en", ["support"]),
        ("s\u0301upport", "en", ["support"]),
        ("Grupo de apoyo", "es", ["apoyo", "grupo"]),
        ("Protección", "es", ["proteccion"]),
        ("A support group", "es", ["group", "support"]),
        ("مجموعة دعم", "ar", ["دعم", "مجموعة"]),
        ("بالدعم", "ar", ["دعم"]),
        ("الأسرة", "ar-EG", ["أسرة"]),
        ("مجموعات", "ar", ["مجموعات"]),
        ("في مجموعتكم", "ar", ["مجموعت"]),
        ("لقاءات أهل", "ar", ["أهل"]),
        ("ولأطفالكم", "ar", ["أطفال"]),
        ("وللميسّرين والأعضاء", "ar", ["أعضاء", "ميسر"]),
        ("https://parent-support.example.org", "en", ["parent", "support"]),
    ],
)
def test_revealing_words_are_found(text, language, found):
    assert revealing(text, language=language) == sorted(found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("See you on Tuesday 10 March at 18:00.", "en"),
        ("Apparently unsupportive", "en"),
        ("Nos vemos el martes a las 18:00.", "es"),
        ("نراك يوم الثلاثاء في الساعة 18:00", "ar"),
        ("أهلاً وسهلاً، المجموع 7", "ar"),
        ("", "en"),
        ("Grupo", "en"),
    ],
)
def test_discreet_words_pass(text, language):
    assert revealing(text, language=language) == []


@pytest.mark.parametrize("language", REVEALING)
def test_every_word_of_a_list_is_found_in_its_own_language(language):
    for word in REVEALING[language]:
        assert revealing(f"({word.upper()})", language=language), word
