"""Somebody who is put out of their group while a page of it is under way."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from goround.apps.groups.membership import NotAMember
from goround.web.middleware import PolicyMiddleware

pytestmark = pytest.mark.django_db


def test_whoever_was_put_out_meanwhile_gets_the_page_of_a_stranger():
    request = RequestFactory().post("/room/1/agenda/")

    answer = PolicyMiddleware(lambda _: HttpResponse()).process_exception(request, NotAMember("no"))

    assert answer is not None
    assert answer.status_code == 404
