from __future__ import annotations

import re
from html import unescape

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goround.apps.audit.models import Event
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.playbooks import shipped_playbooks, shipped_rules
from goround.apps.organisations.roles import Role
from tests.make import (
    make_coordinator,
    make_group,
    make_membership,
    make_organisation,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db

CIRCLES = "parent-support-circles"
RULES = shipped_rules(CIRCLES)
PARTS = ("", "edit/", "rules/", "rules/download/", "rules/shipped/", "poster/")


def signed_in(organisation: Organisation) -> Client:
    client = Client()
    client.force_login(make_coordinator(organisation))
    return client


def url(programme: Programme, part: str = "") -> str:
    return f"/o/{programme.organisation.slug}/programmes/{programme.pk}/{part}"


def said(answer) -> str:
    """The words of a page as somebody reads them."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>|<wbr>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page(programme: Programme, part: str = "") -> str:
    answer = signed_in(programme.organisation).get(url(programme, part))
    assert answer.status_code == 200
    return said(answer)


def send(programme: Programme, part: str, fields: dict[str, object]):
    answer = signed_in(programme.organisation).post(url(programme, part), fields, follow=True)
    assert answer.status_code == 200
    programme.refresh_from_db()
    return answer


def larger(text: str = RULES) -> str:
    """A copy for groups of 5 to 12."""
    return text.replace("\nmin = 4\n", "\nmin = 5\n").replace("\nmax = 10\n", "\nmax = 12\n")


# The list


def test_list_shows_each_programme_with_its_door():
    host = make_organisation()
    make_programme(host, name="Circles", door="east", own_rules=larger())
    make_programme(host, "safe-project", name="Quiet", door="west", takes_self_referrals=False)
    make_programme(name="Theirs", door="foreign")

    shown = said(signed_in(host).get(f"/o/{host.slug}/programmes/"))

    assert (
        "Circles Playbook Parent Support Circles, your own copy Address testserver/join/east "
        in shown
    )
    assert "Quiet Playbook Safe Project Address testserver/join/west Address closed" in shown
    assert shown.count("Address open") == 1
    assert "Theirs" not in shown
    assert "foreign" not in shown


def test_list_of_nothing_says_what_to_do():
    host = make_organisation()

    shown = said(signed_in(host).get(f"/o/{host.slug}/programmes/"))

    assert "No programme yet." in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_number_of_queries(rows: int, django_assert_num_queries):
    host = make_organisation()
    for key in list(shipped_playbooks())[:rows]:
        make_programme(host, key, own_rules=shipped_rules(key))
    client = signed_in(host)

    with django_assert_num_queries(5):
        client.get(f"/o/{host.slug}/programmes/")


# Strangers


@pytest.mark.parametrize("part", PARTS)
def test_programme_is_not_there_for_a_stranger_or_without_the_right(part: str):
    programme = make_programme(own_rules=larger())
    host = programme.organisation
    strangers = [
        make_coordinator(make_organisation()),
        *(
            make_user(role=role, organisation=host)
            for role in Role
            if role not in {Role.COORDINATOR, Role.NETWORK_OFFICER}
        ),
        make_user(role=Role.NETWORK_OFFICER, network=host.network),
    ]

    for viewer in strangers:
        client = Client()
        client.force_login(viewer)
        assert client.get(url(programme, part)).status_code == 404
        assert client.post(url(programme, part), {"text": RULES, "use": "1"}).status_code == 404

    programme.refresh_from_db()
    assert programme.own_rules == larger()


@pytest.mark.parametrize("part", PARTS)
def test_programme_of_another_organisation_is_not_there(part: str):
    programme, mine = make_programme(), make_organisation()
    address = f"/o/{mine.slug}/programmes/{programme.pk}/{part}"

    assert signed_in(mine).get(address).status_code == 404
    # 405 from pages that nobody can send anything to.
    refused = signed_in(mine).post(address, {"text": larger(), "use": "1"}).status_code
    assert refused in {404, 405}


# Starting one


def test_new_offers_playbooks_that_do_not_run_yet():
    host = make_organisation()
    make_programme(host, CIRCLES)

    shown = said(signed_in(host).get(f"/o/{host.slug}/programmes/new/"))

    assert "Safe Project" in shown
    assert "Parent Support Circles" not in shown


def test_new_says_when_all_run():
    host = make_organisation()
    for key in shipped_playbooks():
        make_programme(host, key)

    assert "You run all of them." in said(signed_in(host).get(f"/o/{host.slug}/programmes/new/"))


@pytest.mark.parametrize(
    ("key", "is_open"), [("parent-support-circles", True), ("circle-of-parents", False)]
)
def test_new_proposes_a_name_and_a_door(key: str, is_open: bool):
    host = make_organisation(slug="lantern")

    shown = signed_in(host).get(f"/o/lantern/programmes/new/?playbook={key}").text

    assert f'name="name" value="{shipped_playbooks()[key].name}"' in shown
    assert 'name="door" value="lantern"' in shown
    assert ("checked" in shown) is is_open


def test_new_starts_a_programme():
    host = make_organisation()
    fields = {"name": "  Our   circles ", "door": "east-side", "takes_self_referrals": "on"}

    answer = signed_in(host).post(
        f"/o/{host.slug}/programmes/new/?playbook={CIRCLES}", fields, follow=True
    )

    programme = Programme.objects.get()
    assert answer.redirect_chain == [(url(programme), 302)]
    assert (programme.name, programme.door, programme.takes_self_referrals) == (
        "Our circles",
        "east-side",
        True,
    )
    assert "Our circles is there." in said(answer)
    assert Client().get("/join/east-side/").status_code == 200


@pytest.mark.parametrize(
    ("door", "words"),
    [
        ("East Side", "Use small letters, digits and single hyphens: east-side."),
        ("receipt", "Goround has another page there. Choose another one."),
        ("taken", "Another programme has this address. Choose another one."),
        ("", "This field is required."),
        ("d" * 61, "Ensure this value has at most 60 characters (it has 61)."),
    ],
)
def test_door_that_cannot_be_is_answered_in_words_and_loses_nothing(door: str, words: str):
    make_programme(door="taken")
    mine = make_programme(door="mine", name="Before")
    host = make_organisation()
    fields = {"name": "What I typed", "door": door}

    started = signed_in(host).post(f"/o/{host.slug}/programmes/new/?playbook={CIRCLES}", fields)
    changed = send(mine, "edit/", fields)

    for answer in (started, changed):
        assert words in said(answer)
        assert 'value="What I typed"' in answer.text
        assert "Not saved yet." in said(answer)
    assert Programme.objects.count() == 2
    assert (mine.name, mine.door) == ("Before", "mine")


def test_edit_opens_and_closes_the_door():
    programme = make_programme(door="east")

    send(programme, "edit/", {"name": "Circles", "door": "west"})
    closed = [Client().get(f"/join/{door}/").status_code for door in ("east", "west")]
    send(programme, "edit/", {"name": "Circles", "door": "west", "takes_self_referrals": "on"})

    assert closed == [404, 404]
    assert Client().get("/join/west/").status_code == 200
    assert programme.name == "Circles"


# The rules


def test_programme_shows_the_rules_in_force():
    shown = page(make_programme(playbook_key="safe-project", name="Quiet"))

    for words in (
        "Fewest members 4 yours to decide",
        "Most members 12",
        "How often every three weeks",
        "Shortest meeting 75 minutes yours to decide",
        "Facilitators of a group 2",
        "They are called Family practitioner",
        "Where parents come from A social worker A family practitioner",
        "From meeting 5: Grow slowly",
        "There is money for transport, refreshments, workers' time and the venue",
        "The month's figures are due on no fixed day",
        "The playbook as it comes with Goround.",
    ):
        assert words in shown
    assert "changed by you" not in shown


def test_programme_marks_what_its_own_copy_changed():
    shown = page(make_programme(own_rules=larger()))

    assert "Fewest members 5 yours to decide changed by you With Goround comes: 4" in shown
    assert shown.count("changed by you") == 2


@pytest.mark.parametrize("groups", [1, 3])
def test_programme_asks_the_same_number_of_queries(groups: int, django_assert_num_queries):
    programme = make_programme(own_rules=larger())
    for _ in range(groups):
        make_group(programme)
    client = signed_in(programme.organisation)

    with django_assert_num_queries(5):
        client.get(url(programme))


def test_rules_can_be_downloaded_as_they_are():
    programme = make_programme(own_rules=larger())

    answer = signed_in(programme.organisation).get(url(programme, "rules/download/"))

    assert answer.text == larger()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{CIRCLES}.toml"'


def test_copy_is_shown_with_what_it_changes_before_anything_is_saved():
    programme = make_programme()

    answer = send(programme, "rules/", {"text": larger()})

    shown = said(answer)
    assert "No mistakes found." in shown
    assert "Fewest members 4 5 Most members 10 12" in shown
    assert "Groups that meet already go on as they are." in shown
    assert programme.own_rules == ""
    assert not Event.objects.exists()


def test_copy_is_put_in_force():
    programme = make_programme()
    checked = send(programme, "rules/", {"text": larger()}).text
    text = unescape(re.search(r'type="hidden" name="text" value="([^"]+)"', checked)[1])

    answer = send(programme, "rules/", {"text": text.replace("\n", "\r\n"), "use": "1"})

    assert answer.redirect_chain == [(url(programme), 302)]
    assert "These rules are in force now." in said(answer)
    assert programme.own_rules == larger()
    assert Event.objects.get().kind == "programme.rules_changed"


def test_file_goes_before_the_text():
    programme = make_programme()
    file = SimpleUploadedFile("ours.toml", b"\xef\xbb\xbf" + larger().encode())

    answer = send(programme, "rules/", {"file": file, "text": RULES})

    assert "Fewest members 4 5" in said(answer)
    assert "min = 5" in answer.text


def test_every_mistake_is_told_by_its_line_and_nothing_is_changed():
    programme = make_programme()
    wrong = larger().replace("max = 12\n", 'max = "twelve"\n').replace('"weekly"', '"weakly"')
    line = wrong.split("\n").index('max = "twelve"') + 1

    for use in ({}, {"use": "1"}):
        answer = send(programme, "rules/", {"text": wrong} | use)

        shown = said(answer)
        assert "Nothing was changed. Please correct this:" in shown
        assert (
            f"Line {line}: sizes.max is 'twelve'; it must be a whole number from 1 to 200 "
            'max = "twelve"'
        ) in shown
        assert "cadence.offered holds 'weakly'; it must be one of weekly," in shown
        assert 'max = "twelve"' in unescape(answer.text.partition("<textarea")[2])
        assert "Put these rules in force" not in shown
    assert programme.own_rules == ""
    assert not Event.objects.exists()


def test_text_that_is_no_toml_is_told_with_its_line():
    programme = make_programme()
    wrong = RULES.replace("\nmin = 4\n", "\nmin 4\n")
    line = wrong.split("\n").index("min 4") + 1

    shown = said(send(programme, "rules/", {"text": wrong}))

    assert f"Line {line}: is not valid TOML: Expected '=' after a key" in shown


def test_copy_of_another_programme_is_refused_in_words():
    programme = make_programme()

    shown = said(send(programme, "rules/", {"text": shipped_rules("safe-project"), "use": "1"}))

    assert "key is 'safe-project'; it must stay 'parent-support-circles'" in shown
    assert programme.own_rules == ""


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("  ", "Choose a file, or paste the text of your copy."),
        (
            "Café".encode("latin-1"),
            "This is no plain text in UTF-8. Save it as plain text.",
        ),
        (b"#" * 250_000, "This file is too long for a playbook."),
    ],
    ids=["nothing", "no text", "too long"],
)
def test_copy_that_cannot_be_read_is_answered_in_words(sent, words):
    programme = make_programme()
    # Made here: a file that was read once is empty when the test runs again.
    is_file = isinstance(sent, bytes)
    fields = {"file": SimpleUploadedFile("a.toml", sent)} if is_file else {"text": sent}

    answer = send(programme, "rules/", fields)

    assert words in said(answer)
    assert "Put these rules in force" not in said(answer)


def test_copy_that_drops_a_key_in_use_warns():
    renamed = RULES.replace('new-baby = "New baby"', 'newborn = "New baby"')

    shown = said(send(make_programme(), "rules/", {"text": renamed}))

    assert "Some entries are gone" in shown
    assert "Gone: New baby." in shown


def test_groups_go_on_under_stricter_rules_and_say_what_they_are_short_of():
    programme = make_programme()
    group = make_group(programme, name="Marigold")
    for _ in range(4):
        make_membership(group)
    client = signed_in(programme.organisation)
    group_url = f"/o/{programme.organisation.slug}/groups/{group.pk}/"
    before = said(client.get(group_url))

    send(programme, "rules/", {"text": larger(), "use": "1"})

    after = said(client.get(group_url))
    group.refresh_from_db()
    assert "the playbook asks for at least" not in before
    assert "4 members; the playbook asks for at least 5." in after
    assert group.status == "active"
    short = f"/o/{programme.organisation.slug}/groups/?programme={programme.pk}&short=on"
    assert short.replace("&", "&amp;") in client.get(url(programme)).text
    assert "Marigold" in said(client.get(short))


def test_going_back_asks_first_and_then_uses_the_shipped_rules():
    programme = make_programme(own_rules=larger())

    asked = page(programme, "rules/shipped/")
    programme.refresh_from_db()
    kept = programme.own_rules
    answer = send(programme, "rules/shipped/", {})

    assert "Your own copy is not kept." in asked
    assert "Fewest members 5 4" in asked
    assert kept == larger()
    assert programme.own_rules == ""
    assert "The playbook as it comes with Goround." in said(answer)


# The poster


def dark_modules(svg: str) -> set[tuple[int, int]]:
    path = re.search(r'class="qr-dark" d="([^"]+)"', svg)[1]
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)
    return {(int(x) + i, int(y)) for x, y, length in bars for i in range(int(length))}


def test_poster_shows_the_name_the_address_and_a_code_for_it():
    programme = make_programme(name="Evening circles", door="east-side")

    answer = signed_in(programme.organisation).get(url(programme, "poster/"))

    assert "Evening circles Find a group near you." in said(answer)
    assert "or type: testserver/join/east-side It takes" in said(answer)
    assert 'aria-label="QR code for testserver/join/east-side"' in answer.text
    code = segno.make("http://testserver/join/east-side/", error="m", micro=False)
    expected = {
        (x + 4, y + 4)
        for y, row in enumerate(code.matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    }
    assert dark_modules(answer.text) == expected
    assert f'viewBox="0 0 {len(code.matrix) + 8} {len(code.matrix) + 8}"' in answer.text


def test_address_typed_from_the_poster_leads_to_the_door():
    make_programme(door="east-side")

    answer = Client().get("/join/east-side", follow=True)

    assert (answer.status_code, answer.redirect_chain) == (200, [("/join/east-side/", 301)])


def test_poster_tells_nothing_that_the_name_does_not():
    programme = make_programme(playbook_key="safe-project", name="Tuesday tea", door="tea")

    shown = page(programme, "poster/")

    assert "exploitation" not in shown
    assert "Safe Project" not in shown


def test_closed_door_has_no_poster():
    programme = make_programme(takes_self_referrals=False)

    answer = signed_in(programme.organisation).get(url(programme, "poster/"))

    assert "The address is closed." in said(answer)
    assert "qr-dark" not in answer.text
