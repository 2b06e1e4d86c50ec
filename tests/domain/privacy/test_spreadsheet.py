from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.spreadsheet import FORMULA_STARTS, as_csv, safe


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "\u00a0=1", "\uff1d1"]
)
def test_safe_keeps_what_could_be_a_formula_from_being_one(text: str):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Ana", "a=b", "", " ", 0, -3, None])
def test_safe_leaves_other_cells_alone(cell: str | int | None):
    assert safe(cell) == cell


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r")), min_size=1))
)
def test_csv_reads_back_and_no_cell_begins_a_formula(rows: list[list[str]]):
    read = list(csv.reader(StringIO(as_csv(rows).decode("utf-8-sig"), newline="")))

    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] if row != [""] else [""] for row in rows
    ]
    assert not any(cell.startswith(FORMULA_STARTS) for row in read for cell in row)


def test_csv_leaves_the_unknown_empty_and_zero_zero():
    assert as_csv([["children", None, 0]]) == b"\xef\xbb\xbfchildren,,0\r\n"
