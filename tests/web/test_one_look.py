"""What opens to somebody is asked once for a page that is read, anew for what is sent in."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from goround.apps.organisations.one_look import is_looking
from goround.web.middleware import read_in_one_look


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("one look" if is_looking() else "each time")


@pytest.mark.parametrize(
    ("method", "told"), [("GET", b"one look"), ("POST", b"each time"), ("PUT", b"each time")]
)
def test_only_a_page_that_is_read_is_one_look(method, told):
    answer = read_in_one_look(_page)(RequestFactory().generic(method, "/"))

    assert answer.content == told
    assert not is_looking()


def test_a_page_that_fails_ends_its_look():
    def breaks(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        read_in_one_look(breaks)(RequestFactory().get("/"))

    assert not is_looking()
