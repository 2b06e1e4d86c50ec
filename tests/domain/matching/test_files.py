"""The files: every odd row named, everything else read, and an answer written."""

from __future__ import annotations

import csv
import json

import pytest

from goround.domain.matching.answer import Answer, FormedGroup, Unplaced
from goround.domain.matching.files import (
    HeaderError,
    PolicyError,
    RowProblem,
    groups_csv,
    placements_csv,
    read_facilitators,
    read_parents,
    read_policy,
    read_postcodes,
    read_venues,
    rejected_csv,
    summary_json,
    unplaced_csv,
)
from goround.domain.matching.problem import Facilitator, Parent, Policy, Span, SpanError, Venue
from tests.domain.matching.cases import MONDAY

HEADER = "id,lat,lon,children,languages,available,max_km,modes,together,apart,priority\n"
GOOD = "a,34,-118,3,en,mon 18:00-20:00,,,,,\n"


def reasons(*rows: str, header: str = HEADER) -> list[tuple[int, str]]:
    read = read_parents([header, *rows])
    return [(problem.line, problem.column) for problem in read.problems]


def test_a_full_parent_is_read():
    header = (
        "id,lat,lon,children,languages,available,interests,modes,max_km,needs,tags,wishes,"
        "together,apart,priority\n"
    )
    row = (
        'a,34.5,-118.25,0.5;3,es;zh-Hans,"mon 18:00-20:00;sat 9:00-12:00",teen,online,7.5,'
        "step-free,single,grandparent,b,c;d,2\n"
    )

    assert read_parents([header, row]).rows == [
        Parent(
            id="a",
            lat=34.5,
            lon=-118.25,
            children=(0.5, 3.0),
            languages=frozenset({"es", "zh-Hans"}),
            available=(MONDAY, Span(5, 540, 720)),
            interests=frozenset({"teen"}),
            modes=frozenset({"online"}),
            max_km=7.5,
            needs=frozenset({"step-free"}),
            tags=frozenset({"single"}),
            wishes=frozenset({"grandparent"}),
            together=frozenset({"b"}),
            apart=frozenset({"c", "d"}),
            priority=2,
        )
    ]


def test_empty_cells_take_the_defaults():
    venue = read_venues(["id,mode,lat,lon,slots\n", "v,In-Person,34,-118,mon 18:00-20:00\n"])
    leader = read_facilitators(
        ["id,languages,available,lat,lon\n", "f,en,mon 18:00-20:00,34,-118\n"]
    )

    assert read_parents([HEADER, GOOD]).rows[0] == Parent(
        "a", 34.0, -118.0, (3.0,), frozenset({"en"}), (MONDAY,)
    )
    assert venue.rows == [Venue("v", "v", "in-person", 34.0, -118.0, (MONDAY,))]
    assert leader.rows == [Facilitator("f", frozenset({"en"}), (MONDAY,), 34.0, -118.0)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",34,-118,3,en,mon 18:00-20:00,,,,,\n", "id"),
        (f"{'x' * 65},34,-118,3,en,mon 18:00-20:00,,,,,\n", "id"),
        ("b;c,34,-118,3,en,mon 18:00-20:00,,,,,\n", "id"),
        ("b,nan,-118,3,en,mon 18:00-20:00,,,,,\n", "lat"),
        ("b,,-118,3,en,mon 18:00-20:00,,,,,\n", "lat"),
        ("b,34,inf,3,en,mon 18:00-20:00,,,,,\n", "lon"),
        ("b,91,-118,3,en,mon 18:00-20:00,,,,,\n", "lat"),
        ("b,34,-118,26,en,mon 18:00-20:00,,,,,\n", "children"),
        ("b,34,-118,three,en,mon 18:00-20:00,,,,,\n", "children"),
        ("b,34,-118,3,,mon 18:00-20:00,,,,,\n", "languages"),
        ("b,34,-118,3,en,,,,,,\n", "available"),
        ("b,34,-118,3,en,mon 23:00-01:00,,,,,\n", "available"),
        ("b,34,-118,3,en,mon 18:00-18:00,,,,,\n", "available"),
        ("b,34,-118,3,en,mon 18:00-25:00,,,,,\n", "available"),
        ("b,34,-118,3,en,monday 18:00-20:00,,,,,\n", "available"),
        ("b,34,-118,3,en,mon 18:00-20:00,-1,,,,\n", "max_km"),
        ("b,34,-118,3,en,mon 18:00-20:00,1_0,,,,\n", "max_km"),
        ("b,34,-118,3,en,mon 18:00-20:00,,phone,,,\n", "modes"),
        ("b,34,-118,3,en,mon 18:00-20:00,,,,b,\n", "apart"),
        ("b,34,-118,3,en,mon 18:00-20:00,,,,,0\n", "priority"),
        ("b,34,-118,3,en,mon 18:00-20:00,,,,,1.5\n", "priority"),
        ("b,34,-118,3,en,mon 18:00-20:00,,,,,1,extra\n", ""),
    ],
)
def test_a_bad_row_is_named_and_no_other_is_lost(row, column):
    read = read_parents([HEADER, GOOD, row])

    assert [problem.line for problem in read.problems] == [3]
    assert [problem.column for problem in read.problems] == [column]
    assert [parent.id for parent in read.rows] == ["a"]


def test_every_row_of_a_doubled_id_is_refused():
    other = GOOD.replace("a,", "b,", 1)

    assert reasons(GOOD, other, GOOD) == [(2, "id"), (4, "id")]
    assert [parent.id for parent in read_parents([HEADER, GOOD, other, GOOD]).rows] == ["b"]


def test_line_numbers_count_line_breaks_inside_cells_and_blank_lines():
    quoted = 'b,34,-118,3,en,"mon 18:00-20:00;\n tue 18:00-20:00",,,,,\n'
    bad = GOOD.replace("a,34", "c,x", 1)

    read = read_parents([HEADER, "\n", *quoted.splitlines(keepends=True), "  \n", bad])

    assert [parent.id for parent in read.rows] == ["b"]
    assert [(problem.line, problem.id) for problem in read.problems] == [(6, "c")]


def test_marks_line_ends_spaces_and_extra_columns_do_no_harm():
    header = "\ufeffNote, ID ,lat,lon,languages,available\r\n"

    read = read_parents([header, "hi, a ,34, -118 , en ; es ,Mon 18:00 - 20:00\r\n"])

    assert read.problems == []
    assert read.rows[0].id == "a"
    assert read.rows[0].languages == {"en", "es"}
    assert read.rows[0].available == (MONDAY,)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "parents.csv is empty"),
        (["\n"], "parents.csv is empty"),
        (["id,lat\n"], "no column 'languages', 'available'"),
        (["id,id,languages,available\n"], "two columns named 'id'"),
        ([HEADER, '"never closed\n'], "not readable as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_at_all(lines, said):
    with pytest.raises(HeaderError, match=said):
        read_parents(lines)


def test_a_header_alone_is_an_empty_list():
    assert (read_parents([HEADER]).rows, read_parents([HEADER]).problems) == ([], [])


def test_a_postcode_stands_for_a_place():
    header = "id,postcode,lat,lon,languages,available\n"
    rows = ["a,90 012,,,en,mon 18:00-20:00\n", "b,1,,,en,mon 18:00-20:00\n"]
    table = read_postcodes(["postcode,lat,lon\n", "90012,34.06,-118.24\n"])

    read = read_parents([header, *rows], postcodes=table)

    assert [(parent.lat, parent.lon) for parent in read.rows] == [(34.06, -118.24)]
    assert [(problem.line, problem.column) for problem in read.problems] == [(3, "postcode")]
    with pytest.raises(HeaderError, match="line 2, lat"):
        read_postcodes(["postcode,lat,lon\n", "1,x,0\n"])


def test_online_venues_need_no_place_and_others_do():
    header = "id,name,mode,lat,lon,slots,rooms,capacity,features\n"

    read = read_venues(
        [header, "o,Room,online,,,mon 18:00-20:00;mon 18:00-20:00,3,,\n", "v,,in-person,,,,,,\n"]
    )

    assert read.rows == [Venue("o", "Room", "online", slots=(MONDAY,), rooms=3)]
    assert [(problem.line, problem.column) for problem in read.problems] == [(3, "lat")]


@pytest.mark.parametrize("text", ["mon 18:00-20:30", "sun 00:00-24:00"])
def test_a_span_reads_back(text):
    assert str(Span.parse(text)) == text


@pytest.mark.parametrize("text", ["", "mon", "mon 18-20", "xyz 10:00-11:00", "mon 10:61-11:00"])
def test_a_span_that_no_clock_shows_is_refused(text):
    with pytest.raises(SpanError):
        Span.parse(text)


def test_policy_is_read_over_the_defaults():
    text = "size_min = 3\nwish_weight = 5"

    assert read_policy(text, default=Policy(facilitators=2)) == Policy(
        size_min=3, facilitators=2, wish_weight=5.0
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("size_mim = 3", "unknown key 'size_mim'"),
        ("size_min = 3.5", "must be a whole number"),
        ("size_min = true", "must be a whole number"),
        ('km_weight = "1"', "must be a number"),
        ("km_weight = nan", "must be from 0 to 1,000,000"),
        ("size_min = 9", "1 <= size_min <= size_max"),
        ("size_min = ", "not readable as TOML"),
    ],
)
def test_a_policy_that_cannot_be_used_says_why(text, said):
    with pytest.raises(PolicyError, match=said):
        read_policy(text)


def test_an_answer_is_written():
    group = FormedGroup("g1", "hall", MONDAY, "en", "any", ("f", "g"), ("a", "b"))
    missing = Unplaced("c, d", "no-shared-hour", 'A "hall" that opens.')
    answer = Answer((group,), (missing,), 12.5, None, 7, 1.25)

    assert groups_csv(answer).splitlines()[1] == "g1,hall,mon 18:00-20:00,en,any,f;g"
    assert placements_csv(answer).splitlines()[1:] == ["a,g1", "b,g1"]
    assert list(csv.reader(unplaced_csv(answer).splitlines()))[1] == [
        "c, d",
        "no-shared-hour",
        'A "hall" that opens.',
    ]
    assert json.loads(summary_json(answer, peak_mb=3.14)) == {
        "placed": 2,
        "unplaced": 1,
        "groups": 1,
        "cost": 12.5,
        "lower_bound": None,
        "seconds": 1.25,
        "seed": 7,
        "peak_mb": 3.1,
    }
    assert rejected_csv([RowProblem("parents.csv", 3, "lat", "no", "x")]).splitlines() == [
        "file,line,column,id,reason",
        "parents.csv,3,lat,x,no",
    ]
