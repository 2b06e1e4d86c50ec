"""The frame of every page of the policy table, and of every refusal: what a device shows of it."""

from __future__ import annotations

import logging
import re
from contextlib import closing
from dataclasses import dataclass
from io import StringIO

import pytest
from django.conf import settings as configured
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.views import defaults

from goround.apps.accounts.models import User
from goround.apps.keys.roots import KeyTrouble
from goround.apps.organisations.roles import PERMISSIONS, Permission, Role
from goround.config import urls
from goround.domain.privacy.discreet import revealing
from goround.web.headers import HEADERS
from goround.web.policy import ASKS_AGAIN, POLICY, Anyone
from tests.make import make_user
from tests.page_rules import inline_code
from tests.web.test_policy import OWN, PAGES
from tests.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Words of work that anybody's weekly list might hold; what is shared there they do not tell.
WORK = {"group", "member", "program", "programme", "facilitator"}
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# Files that ask nobody again who they are, each with its reason.
OPEN_FILES = {
    "coordinator:group_calendar": "when a group meets, in discreet words, and nobody's name",
    "coordinator:instrument_file": "questions",
    "coordinator:programme_rules_file": "rules",
    "network:release_csv": "made to be shown to anybody",
    "network:release_xlsx": "made to be shown to anybody",
}
REFUSALS = (400, 403, 404, 429, 500, 503)


@dataclass
class Cast:
    """One organisation, and somebody of each role there or at its network."""

    own: World
    users: dict[Role, User]


@pytest.fixture
def cast() -> Cast:
    own = make_world(OWN)
    host = own.organisation
    users = {
        role: make_user(role=role, network=host.network)
        if role is Role.NETWORK_OFFICER
        else make_user(role=role, organisation=host)
        for role in Role
    }
    return Cast(own, users)


def address(name: str, own: World) -> str:
    known = {
        "organisation": own.organisation.slug,
        "network": own.organisation.network.slug,
        "kind": "consent",
    }
    return reverse(name, kwargs={key: known.get(key) or own.ids[key] for key in PAGES[name]})


def html_pages(cast, files: set[str] | None = None) -> list[tuple[str, str]]:
    """Every page of the table that answers with one, opened by somebody who may.

    Those that answer with a file to keep are added to ``files`` by name.
    """
    found = []
    for name, rule in POLICY.items():
        client = Client()
        if isinstance(rule, Permission):
            role = next(role for role in Role if rule in PERMISSIONS[role])
            client.force_login(cast.users[role])
        elif rule is Anyone.SIGNED_IN:
            client.force_login(cast.users[Role.COORDINATOR])
        if rule is Anyone.VISITOR and set(PAGES[name]) - set(cast.own.ids):
            continue
        answer = client.get(address(name, cast.own))
        assert_headers(name, answer)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found.append((name, answer.text))
        if files is not None and "attachment" in answer.headers.get("Content-Disposition", ""):
            files.add(name)
    return found


def assert_headers(name: str, answer: HttpResponse) -> None:
    missing = {key for key, value in HEADERS.items() if answer.headers.get(key) != value}
    if name == "public:leave":
        # Not even our own address goes along.
        missing -= {"Referrer-Policy"}
    assert not missing, f"{name} answers {answer.status_code} without {missing}"
    assert answer.headers["Cache-Control"] == "no-store", name


def told_by_title(page: str) -> set[str]:
    said = " ".join(TITLE.findall(page.partition("</head>")[0])).replace("Goround", "")
    languages = [code for code, _name in configured.LANGUAGES]
    found = {word for code in languages for word in revealing(said, language=code)}
    return found - WORK


def assert_discreet(name: str, page: str) -> None:
    """Title, icon, way out, whom to call; nothing inline."""
    titles = TITLE.findall(page.partition("</head>")[0])
    assert len(titles) == 1, f"{name} has {len(titles)} titles"
    assert titles[0].strip(), f"{name} has an empty title"
    assert not told_by_title(page), name
    assert "CANARY" not in titles[0], f"the title of {name} names somebody"
    assert page.count('rel="icon"') == 1, name
    assert 'rel="icon" href="/static/icon.svg"' in page, name
    assert "data-leave" in page, f"{name} has no way out"
    assert 'href="/crisis/"' in page, f"{name} does not lead to whom to call"
    # The way out works before anything else of the page is there.
    scripts = re.findall(r"<script[^>]*>", page)
    assert "quick-exit.js" in scripts[0], name
    assert "defer" not in scripts[0], name
    assert page.index(scripts[0]) < page.index("<link"), name
    assert inline_code(page, name) == []


def test_every_page_is_discreet(cast):
    files: set[str] = set()
    pages = html_pages(cast, files)

    assert len(pages) > 50
    # What leaves as a file asks again who it is, unless it may be shown to anybody.
    assert files - ASKS_AGAIN == set(OPEN_FILES)
    told = {name: found for name, page in pages if (found := told_by_title(page))}
    assert told == {}
    for name, page in pages:
        assert_discreet(name, page)


def refuse(request: HttpRequest, status: int) -> HttpResponse:
    if status == 400:
        raise BadRequest
    if status == 403:
        raise PermissionDenied
    if status == 500:
        raise RuntimeError
    return defaults.page_not_found(request, None, template_name=f"{status}.html")


class Refusing:
    """Our own addresses, and one that refuses in each way there is."""

    urlpatterns = [path("refuse/<int:status>/", refuse, name="healthz"), *urls.urlpatterns]


@pytest.mark.parametrize("status", REFUSALS)
def test_every_refusal_is_discreet(settings, status):
    settings.ROOT_URLCONF = Refusing
    client = Client(raise_request_exception=False)

    answer = client.get(f"/refuse/{status}/")

    assert answer.status_code == (status if status in {400, 403, 500} else 404)
    assert_headers(f"refusal {status}", answer)
    assert_discreet(f"refusal {status}", answer.text)


def test_an_unknown_host_is_refused_with_the_same_headers(settings):
    settings.ALLOWED_HOSTS = ["groups.example.org"]

    answer = Client().get("/", headers={"Host": "elsewhere.example.org"})

    assert answer.status_code == 400
    assert_headers("unknown host", answer)


def test_a_form_without_its_token_is_refused_discreetly():
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {})

    assert answer.status_code == 403
    assert_headers("no token", answer)
    assert_discreet("no token", answer.text)


def test_files_carry_the_headers_too():
    answer = Client().get("/static/css/base.css")

    assert answer.status_code == 200
    assert {key for key, value in HEADERS.items() if answer.headers.get(key) != value} == set()
    answer.close()


@pytest.mark.parametrize(
    ("sent_by", "is_out"),
    [("same-origin", True), ("none", True), (None, True), ("cross-site", False)],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_ends_the_session_unless_another_site_asks(cast, method, sent_by, is_out):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users[Role.COORDINATOR])
    headers = {"Sec-Fetch-Site": sent_by} if sent_by else {}

    answer = getattr(client, method)("/leave/", headers=headers)

    if method == "get":
        assert answer.headers["Location"] == configured.QUICK_EXIT_URL
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    else:
        assert (answer.status_code, answer.content) == (204, b"")
    assert ("_auth_user_id" not in client.session) == is_out


def status_of_file(url: str) -> int:
    answer = Client().get(url)
    answer.close()
    return answer.status_code


def test_what_a_device_keeps_is_what_anybody_may_read(cast):
    worker = Client().get("/offline-worker.js")
    kept = re.findall(r'"(/static/[^"]+)"', worker.text)

    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert kept
    assert {status_of_file(file) for file in kept} == {200}
    for page in ("/crisis/", "/offline/"):
        assert Client().get(page).status_code == 200
        assert f'"{page}"' in worker.text


def test_the_manifest_says_a_name_and_nothing_else():
    manifest = Client().get(reverse("public:manifest"))

    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert manifest.json()["name"] == "Goround"
    assert revealing(manifest.text.replace("Goround", ""), language="en") == []


def test_a_home_screen_shows_a_drawing_and_no_picture_of_the_page():
    page = Client().get("/sign-in/").text
    address = re.search(r'<link rel="apple-touch-icon" href="([^"]+)">', page)
    kept = [icon["src"] for icon in Client().get(reverse("public:manifest")).json()["icons"]]

    assert address is not None
    for drawing in (address[1], *kept):
        with closing(Client().get(drawing)) as answer:
            assert answer.status_code == 200


def test_only_pages_of_somebody_signed_in_hide_themselves(cast):
    client = Client()
    assert "idle.js" not in client.get("/sign-in/").text

    client.force_login(cast.users[Role.COORDINATOR])
    page = client.get(address("coordinator:waiting", cast.own)).text

    assert f'data-minutes="{configured.IDLE_MINUTES}"' in page or 'data-minutes="' in page
    assert "data-idle-warning hidden" in page


def test_refusals_need_no_request():
    """The frame may be what failed: these pages ask nothing of it."""
    answer = defaults.server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert_discreet("500", answer.content.decode())


@pytest.fixture
def said():
    """What the log of the running product says."""
    [console] = [each for each in logging.getLogger().handlers if each.name == "console"]
    text = StringIO()
    before = console.setStream(text)
    yield text
    console.setStream(before)


def test_the_log_names_a_page_by_its_name_and_never_by_its_address(said):
    Client().get("/stop/a-word-that-is-a-key/")
    Client().get("/no-such-page/a-word-that-is-a-key/")
    Client().post("/crisis/?a-word-that-is-a-key")

    told = said.getvalue()

    assert "a-word-that-is-a-key" not in told
    assert "404 at public:stop_messages" in told
    assert "404 at no page of ours" in told
    assert "405 at public:crisis" in told


def test_an_error_in_the_log_says_what_kind_it_is_and_where_and_quotes_nothing(said):
    log, typed = logging.getLogger("goround"), "what Ana wrote"
    try:
        try:
            int(typed)
        except ValueError as error:
            raise KeyTrouble("no key 7") from error
    except KeyTrouble:
        log.exception("it broke off")

    told = said.getvalue()

    assert "Ana" not in told
    assert "builtins.ValueError\nwhich led to:\n" in told
    assert told.rstrip().endswith("goround.apps.keys.roots.KeyTrouble: no key 7")
    assert "test_every_page.py" in told
