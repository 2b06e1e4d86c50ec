import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.agreement import Change, Line, Piece, differences, put_together, tidy
from goround.domain.agreement.differences import lines_of

SAME, ADDED, REMOVED = Change.SAME, Change.ADDED, Change.REMOVED
WORDS = st.sampled_from(["we", "begin", "on", "time", "and", "listen", "one", "聞", "く.", "No,"])
LINES = st.lists(WORDS, max_size=7).map(" ".join)
TEXTS = st.lists(LINES, max_size=7).map("\n".join)


def line(*pieces: tuple[Change, str]) -> Line:
    return Line(tuple(Piece(change, text) for change, text in pieces))


def made_of(lines: tuple[Line, ...], *, without: Change) -> list[str]:
    whole = [
        "".join(piece.text for piece in each.pieces if piece.change is not without)
        for each in lines
    ]
    return [text.strip() for text in whole if text.strip()]


def test_a_changed_word_is_marked_and_nothing_else():
    said = differences("We begin at six o'clock.", "We begin at seven o'clock.")

    assert said == (
        line((SAME, "We begin at "), (REMOVED, "six "), (ADDED, "seven "), (SAME, "o'clock.")),
    )


def test_a_line_added_above_leaves_the_others_as_they_were():
    said = differences("We listen.\nWe are kind.", "We begin on time.\nWe listen.\nWe are kind.")

    assert said == (
        line((ADDED, "We begin on time.")),
        line((SAME, "We listen.")),
        line((SAME, "We are kind.")),
    )
    assert [each.is_same for each in said] == [False, True, True]


def test_a_line_with_little_in_common_is_another_line():
    said = differences("Telephones stay in the bag.", "Whoever wants may bring cake.")

    assert said == (
        line((REMOVED, "Telephones stay in the bag.")),
        line((ADDED, "Whoever wants may bring cake.")),
    )


def test_changes_with_one_word_between_them_are_read_as_one():
    said = differences(
        "Here we stay friendly with all people in this room",
        "Here we are friendly to all people in this room",
    )

    assert said == (
        line(
            (SAME, "Here we "),
            (REMOVED, "stay friendly with "),
            (ADDED, "are friendly to "),
            (SAME, "all people in this room"),
        ),
    )


def test_a_text_without_spaces_is_compared_sign_by_sign():
    assert differences("時間を守る", "約束を守る") == (
        line((REMOVED, "時間"), (ADDED, "約束"), (SAME, "を守る")),
    )


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_both_texts_are_whole_in_their_differences(before: str, after: str):
    lines = differences(before, after)

    assert made_of(lines, without=ADDED) == lines_of(before)
    assert made_of(lines, without=REMOVED) == lines_of(after)
    assert all(each.is_same for each in differences(before, before))


@given(st.text(max_size=60))
def test_a_tidy_text_is_tidy(text: str):
    assert tidy(tidy(text)) == tidy(text)


def test_two_changes_in_different_places_go_together():
    first = "We begin on time.\n\nWe listen.\n\nWe say goodbye."

    both = put_together(
        first,
        first.replace("on time", "at six"),
        first.replace("We say goodbye.", "We say goodbye.\n\nWe tidy up."),
    )

    assert both == "We begin at six.\n\nWe listen.\n\nWe say goodbye.\n\nWe tidy up."


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("We begin at six.", "We begin at seven."),
        ("", "We begin at seven."),
        ("Hello.\nWe begin on time.", "We begin on time, always."),
    ],
)
def test_two_changes_of_the_same_line_do_not(mine: str, theirs: str):
    assert put_together("We begin on time.", mine, theirs) is None


@given(TEXTS, TEXTS)
def test_one_change_alone_goes_through_unchanged(first: str, mine: str):
    assert put_together(first, mine, first) == tidy(mine)
    assert put_together(first, first, mine) == tidy(mine)
    assert put_together(first, mine, mine) == tidy(mine)


@settings(max_examples=150)
@given(TEXTS, TEXTS, TEXTS)
def test_what_goes_together_does_so_either_way_round(first: str, mine: str, theirs: str):
    assert put_together(first, mine, theirs) == put_together(first, theirs, mine)
