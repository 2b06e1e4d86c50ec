"""Whatever is done to a chain without the key shows, and where it begins shows too."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.chain import (
    Break,
    Entry,
    Fault,
    Head,
    first_break,
    link,
    plain,
    seal,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
Links = list[tuple[Entry, str]]

facts = st.dictionaries(
    st.text(max_size=5),
    st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=3),
    max_size=3,
)
entries = st.builds(
    Entry,
    chain=st.just(7),
    number=st.just(0),
    kind=st.sampled_from(["parent.added", "referral.made"]),
    subject=st.sampled_from(["parent", "referral"]),
    subject_id=st.none() | st.integers(0, 9),
    by_id=st.none() | st.integers(0, 9),
    at=st.datetimes(timezones=st.just(UTC)),
    facts=facts,
)


def chained(said: list[Entry], key: bytes = KEY) -> tuple[Head, Links]:
    head, made = Head(7, 0, "0" * 64), []
    for number, each in enumerate(said, start=1):
        entry = replace(each, number=number)
        stored = link(key, entry, before=head.link)
        made.append((entry, stored))
        head = Head(7, number, stored)
    return head, made


chains = st.lists(entries, min_size=2, max_size=12).map(chained)


@given(chains)
def test_chain_left_alone_holds(chain):
    assert first_break(KEY, *chain) is None


@given(chains, st.data())
def test_changed_entry_is_found_where_it_is(chain, data):
    head, links = chain
    place = data.draw(st.integers(0, len(links) - 1))
    entry, stored = links[place]
    column = data.draw(st.sampled_from([f.name for f in fields(Entry) if f.name != "number"]))
    other = {
        "chain": 8, "kind": "parent.gone", "subject": "group", "subject_id": 10, "by_id": 10,
        "at": entry.at + timedelta(microseconds=1) if entry.at.year < 9999 else NOON,
        "facts": entry.facts | {"more": 1},
    }[column]  # fmt: skip
    links[place] = (replace(entry, **{column: other}), stored)

    assert first_break(KEY, head, links) == Break(Fault.ALTERED, place + 1)


@given(chains, st.data())
def test_entry_taken_out_is_found(chain, data):
    head, links = chain
    place = data.draw(st.integers(0, len(links) - 1))
    del links[place]

    last = place == len(links)
    assert first_break(KEY, head, links) == Break(
        Fault.CUT_SHORT if last else Fault.MISSING, place + 1
    )


@given(chains, st.data())
def test_entries_that_changed_places_are_found(chain, data):
    head, links = chain
    one, other = data.draw(
        st.lists(st.integers(0, len(links) - 1), min_size=2, max_size=2, unique=True).map(sorted)
    )
    # With their numbers left where they were, as somebody would who wants it to look right.
    first, second = links[one], links[other]
    links[one] = (replace(second[0], number=one + 1), second[1])
    links[other] = (replace(first[0], number=other + 1), first[1])

    assert first_break(KEY, head, links) == Break(Fault.ALTERED, one + 1)


@given(chains, st.data(), entries)
def test_entry_put_in_is_found(chain, data, new):
    head, links = chain
    place = data.draw(st.integers(0, len(links)))
    before = links[place - 1][1] if place else "0" * 64
    entry = replace(new, number=place + 1)
    links.insert(place, (entry, link(OTHER_KEY, entry, before=before)))

    assert first_break(KEY, head, links) == Break(Fault.ALTERED, place + 1)


@given(chains, st.integers(1, 5))
def test_chain_cut_at_the_end_is_found(chain, cut):
    head, links = chain
    kept = links[: max(0, len(links) - cut)]

    assert first_break(KEY, head, kept) == Break(Fault.CUT_SHORT, len(kept) + 1)


@given(chains)
def test_chain_written_anew_with_another_key_is_found(chain):
    _head, links = chain
    forged_head, forged = chained([entry for entry, _stored in links], OTHER_KEY)

    assert first_break(KEY, forged_head, forged) == Break(Fault.ALTERED, 1)
    assert seal(KEY, forged_head) != seal(OTHER_KEY, forged_head)


def test_seal_covers_every_part_of_the_head():
    head = Head(7, 5, "a" * 64, 2, "b" * 64)
    others = [
        replace(head, chain=8),
        replace(head, length=4),
        replace(head, link="c" * 64),
        replace(head, base_number=1),
        replace(head, base_link="c" * 64),
    ]

    assert len({seal(KEY, each) for each in [head, *others]}) == 6


@given(chains, st.integers(1, 12))
def test_chain_whose_old_entries_were_let_go_holds_from_there(chain, asked):
    head, links = chain
    base = min(asked, len(links))
    later = replace(head, base_number=base, base_link=links[base - 1][1])

    assert first_break(KEY, later, links[base:]) is None


def test_link_does_not_depend_on_the_zone_a_time_is_told_in():
    entry = Entry(None, 1, "user.created", "user", 1, None, NOON, {})
    elsewhere = replace(entry, at=NOON.astimezone(timezone(timedelta(hours=-8))))

    assert link(KEY, entry, before="0" * 64) == link(KEY, elsewhere, before="0" * 64)


def test_plain_facts_are_what_a_database_gives_back():
    assert plain({"days": (1, 2), 3: None}) == {"days": [1, 2], "3": None}


@pytest.mark.parametrize("fraction", [0.5, float("nan"), 1e300])
def test_plain_facts_hold_no_fractions(fraction):
    with pytest.raises(TypeError, match="whole number"):
        plain({"km": fraction})
