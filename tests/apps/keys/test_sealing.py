from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.keys import lead_keys, opening, sealing
from goround.apps.keys.models import LeadKey, RecoveryKey, SealedKey, SealedText
from goround.apps.keys.roots import KeyTrouble
from goround.domain.privacy.sealed_box import public_of
from goround.domain.privacy.written_key import WordsWrong, key_in_words
from tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.slow_words
def test_a_leads_words_cost_whoever_guesses_more_than_owasp_asks():
    row, _ = lead_keys.make_lead_key(organisation_id=7, user_id=1, at=NOON)

    assert row.memory_kib >= 19 * 1024
    assert row.passes >= 2


def make_lead(user_id=1, organisation_id=7) -> tuple[LeadKey, bytes]:
    """A lead who has opened their key once, and their private key."""
    row, phrase = lead_keys.make_lead_key(organisation_id=organisation_id, user_id=user_id, at=NOON)
    return row, lead_keys.open_lead_key(row, phrase, at=NOON)


def seal(text="worried", organisation_id=7, **fields) -> SealedText:
    told = {"kind": "concern", "row_id": 3} | fields
    return sealing.seal(organisation_id=organisation_id, text=text, **told)


def test_every_lead_opens_what_was_sealed_and_nobody_else():
    (_, ana), (_, ben) = make_lead(1), make_lead(2)
    _, stranger = make_lead(3, organisation_id=8)

    sealed = seal("worried about Sam")

    assert [sealing.open_with(key, sealed) for key in (ana, ben)] == ["worried about Sam"] * 2
    with pytest.raises(sealing.NotForThisKey):
        sealing.open_with(stranger, sealed)
    assert b"worried" not in bytes(sealed.locked)


def test_many_are_opened_in_one_query(django_assert_num_queries):
    _, ana = make_lead()
    sealed = [seal(f"text {number}") for number in range(4)]

    with django_assert_num_queries(1):
        opened = sealing.open_each(ana, sealed)

    assert list(opened.values()) == ["text 0", "text 1", "text 2", "text 3"]


@pytest.mark.parametrize("change", [{"kind": "reason"}, {"row_id": 4}, {"organisation_id": 8}])
def test_a_sealed_text_put_elsewhere_is_refused(change):
    _, ana = make_lead()
    sealed = seal()
    for name, value in change.items():
        setattr(sealed, name, value)

    with pytest.raises(KeyTrouble, match="A sealed text does not open"):
        sealing.open_with(ana, sealed)


def test_sealing_before_there_is_a_lead_waits_for_the_first():
    early = seal("came early")
    row, phrase = lead_keys.make_lead_key(organisation_id=7, user_id=1, at=NOON)
    also_early = seal("before the phrase was typed")

    # Nobody has shown that the phrase was written down: a new key may still take its place.
    row, phrase = lead_keys.make_lead_key(organisation_id=7, user_id=1, at=NOON)
    ana = lead_keys.open_lead_key(row, phrase, at=NOON)

    assert list(sealing.open_each(ana, [early, also_early]).values()) == [
        "came early",
        "before the phrase was typed",
    ]
    assert sealing.held_keys(7) == {}
    assert {key.lead_key_id for key in SealedKey.objects.all()} == {row.pk}


def test_a_phrase_opens_its_key_however_it_is_typed():
    row, phrase = lead_keys.make_lead_key(organisation_id=7, user_id=1, at=NOON)

    private = lead_keys.open_lead_key(row, f" {phrase.upper().replace(' ', '-')} ", at=NOON)

    assert public_of(private) == bytes(row.public)
    assert len(phrase.split()) == 6
    assert LeadKey.objects.get().proven_at == NOON


def test_a_wrong_phrase_opens_nothing_and_proves_nothing():
    row, phrase = lead_keys.make_lead_key(organisation_id=7, user_id=1, at=NOON)

    with pytest.raises(lead_keys.WrongPhrase) as refusal:
        lead_keys.open_lead_key(row, f"{phrase} too", at=NOON)

    assert phrase not in str(refusal.value)
    assert LeadKey.objects.get().proven_at is None


def test_a_private_key_given_to_another_lead_does_not_open():
    row, phrase = lead_keys.make_lead_key(organisation_id=7, user_id=1, at=NOON)
    row.user_id = 2

    with pytest.raises(lead_keys.WrongPhrase):
        lead_keys.open_lead_key(row, phrase, at=NOON)


def test_a_newcomer_reads_nothing_older_until_a_lead_lets_them():
    _, ana = make_lead(1)
    sealed, elsewhere = seal(), seal(organisation_id=8)
    newcomer, ben = make_lead(2)
    assert (sealing.open_each(ben, [sealed]), lead_keys.lacking(newcomer)) == ({}, 1)

    assert lead_keys.welcome(newcomer, private_key=ana) == 1
    assert lead_keys.welcome(newcomer, private_key=ana) == 0

    assert sealing.open_with(ben, sealed) == "worried"
    assert lead_keys.lacking(newcomer) == 0
    assert sealing.open_each(ben, [elsewhere]) == {}


def test_a_lead_of_two_organisations_hands_on_only_the_ones_here():
    _, ana_here = make_lead(1)
    seal(organisation_id=8)
    newcomer, _ = make_lead(2)

    assert lead_keys.welcome(newcomer, private_key=ana_here) == 0


def test_a_lead_who_left_opens_nothing():
    make_lead(1)
    make_lead(2)
    sealed = seal()
    lead_keys.make_lead_key(organisation_id=7, user_id=3, at=NOON)

    assert lead_keys.remove_lead_key(organisation_id=7, user_id=2)
    assert not lead_keys.remove_lead_key(organisation_id=7, user_id=2)

    assert {key.lead_key.user_id for key in sealed.keys.all() if key.lead_key} == {1}
    assert {key.lead_key.user_id for key in seal().keys.all() if key.lead_key} == {1, 3}


def test_the_last_who_can_read_is_not_removed():
    make_lead(1)
    sealed = seal()
    lead_keys.make_lead_key(organisation_id=7, user_id=2, at=NOON)

    with pytest.raises(lead_keys.LastReader):
        lead_keys.remove_lead_key(organisation_id=7, user_id=1)
    with pytest.raises(lead_keys.LastReader):
        lead_keys.make_lead_key(organisation_id=7, user_id=1, at=NOON)

    sealed.delete()
    assert lead_keys.remove_lead_key(organisation_id=7, user_id=1)


def test_the_card_opens_everything_once_it_was_printed_and_the_leads_are_gone():
    _, ana = make_lead(1)
    before = seal("before the card")
    _, words = lead_keys.make_recovery_key(organisation_id=7, private_key=ana, at=NOON)
    after = seal("after the card")
    with pytest.raises(lead_keys.LastReader):
        lead_keys.remove_lead_key(organisation_id=7, user_id=1)

    lead_keys.open_recovery_key(organisation_id=7, words=" ".join(words), at=NOON)
    assert lead_keys.remove_lead_key(organisation_id=7, user_id=1)
    card = lead_keys.open_recovery_key(organisation_id=7, words=" ".join(words), at=NOON)
    newcomer, ben = make_lead(2)
    lead_keys.welcome(newcomer, private_key=card)

    assert list(sealing.open_each(ben, [before, after]).values()) == [
        "before the card",
        "after the card",
    ]


def test_a_new_card_takes_the_place_of_the_old():
    _, ana = make_lead(1)
    sealed = seal()
    _, old = lead_keys.make_recovery_key(organisation_id=7, private_key=ana, at=NOON)
    _, new = lead_keys.make_recovery_key(organisation_id=7, private_key=ana, at=NOON)

    with pytest.raises(lead_keys.NotTheCard):
        lead_keys.open_recovery_key(organisation_id=7, words=" ".join(old), at=NOON)
    card = lead_keys.open_recovery_key(organisation_id=7, words=" ".join(new), at=NOON)

    assert sealing.open_with(card, sealed) == "worried"
    assert RecoveryKey.objects.count() == 1


@pytest.mark.parametrize("words", ["", "one two", "-".join(key_in_words(b"k" * 32)[:-1])])
def test_words_that_are_no_card_are_refused(words):
    with pytest.raises(WordsWrong):
        lead_keys.open_recovery_key(organisation_id=7, words=words, at=NOON)


def test_a_card_of_another_organisation_is_refused():
    _, ana = make_lead(1, organisation_id=8)
    _, words = lead_keys.make_recovery_key(organisation_id=8, private_key=ana, at=NOON)

    with pytest.raises(lead_keys.NotTheCard):
        lead_keys.open_recovery_key(organisation_id=7, words=" ".join(words), at=NOON)


def test_an_open_key_needs_the_session_and_the_cookie():
    kept, cookie = opening.hold(b"p" * 32, lead_key_id=5, at=NOON)
    other, other_cookie = opening.hold(b"q" * 32, lead_key_id=5, at=NOON)

    assert opening.take(kept, cookie, lead_key_id=5, at=NOON) == b"p" * 32
    for session, half in [(None, cookie), (kept, None), (kept, other_cookie), (other, cookie)]:
        assert opening.take(session, half, lead_key_id=5, at=NOON) is None
    for half in ["", "x", "é", "A" * 43, cookie[:-4]]:
        assert opening.take(kept, half, lead_key_id=5, at=NOON) is None
    assert opening.take(kept, cookie, lead_key_id=6, at=NOON) is None
    assert (b"p" * 32).hex() not in str(kept)


def test_an_open_key_closes_after_fifteen_minutes_and_cannot_be_stretched():
    kept, cookie = opening.hold(b"p" * 32, lead_key_id=5, at=NOON)
    last, later = NOON + timedelta(minutes=14, seconds=59), NOON + timedelta(minutes=15)

    assert opening.take(kept, cookie, lead_key_id=5, at=last) == b"p" * 32
    assert opening.take(kept, cookie, lead_key_id=5, at=later) is None
    stretched = kept | {"until": kept["until"] + 900}
    assert opening.take(stretched, cookie, lead_key_id=5, at=later) is None
