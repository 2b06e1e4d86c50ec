"""The demo's way in is not there where real parents are."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.test import Client

from tests.make import make_user

PRODUCTION = {
    "GOROUND_ENV": "production",
    "GOROUND_SECRET_KEY": "a key for tests only, long enough to be taken for a real one",
    "GOROUND_KEY_FILE": "root.key",
    "GOROUND_ALLOWED_HOSTS": "goround.example",
    "GOROUND_DATABASE_URL": "sqlite:///:memory:",
    "DJANGO_SETTINGS_MODULE": "goround.config.settings",
}


def found(settings, *, production, choose):
    settings.PRODUCTION, settings.CHOOSE_WHO_TO_BE = production, choose
    return [message.id for message in run_checks() if message.id == "accounts.E001"]


def test_check_refuses_choosing_who_to_be_in_production(settings):
    assert found(settings, production=True, choose=True) == ["accounts.E001"]


@pytest.mark.parametrize(("production", "choose"), [(True, False), (False, True), (False, False)])
def test_check_is_content_otherwise(settings, production, choose):
    assert found(settings, production=production, choose=choose) == []


@pytest.mark.parametrize(("choose", "passes"), [("", True), ("yes", False)])
def test_production_does_not_start_with_the_demo_door_open(choose, passes):
    env = {name: value for name, value in os.environ.items() if not name.startswith("GOROUND_")}
    env |= PRODUCTION | {"GOROUND_CHOOSE_WHO_TO_BE": choose}

    checked = subprocess.run(
        [sys.executable, "-m", "django", "check"],
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (checked.returncode == 0) == passes, checked.stderr
    assert ("accounts.E001" in checked.stderr) != passes


@pytest.mark.django_db
def test_demo_door_is_closed_unless_the_settings_open_it(settings):
    ana = make_user("ana", is_demo=True)

    settings.CHOOSE_WHO_TO_BE = False
    closed = Client()
    assert closed.post("/be/", {"person": "ana"}).status_code == 404
    assert "_auth_user_id" not in closed.session

    settings.CHOOSE_WHO_TO_BE = True
    opened = Client()
    assert opened.post("/be/", {"person": "ana"}).status_code == 302
    assert opened.session["_auth_user_id"] == str(ana.pk)


@pytest.mark.django_db
def test_demo_door_leads_to_nobody_real(settings):
    settings.CHOOSE_WHO_TO_BE = True
    make_user("real")
    make_user("gone", is_demo=True, is_active=False)

    for handle in ("real", "gone", "nobody", ""):
        assert Client().post("/be/", {"person": handle}).status_code == 404
