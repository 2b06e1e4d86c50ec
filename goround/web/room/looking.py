"""Pages that are looked at far more often than sent in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from goround.apps.groups.one_look import one_look
from goround.web.rendering import Request

View = Callable[..., HttpResponse]


def read_in_one_look(view: View) -> View:
    """Whose room it is is asked once while the page is read; anew for whatever is sent in."""

    @wraps(view)
    def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "GET":
            return view(request, *args, **kwargs)
        with one_look():
            return view(request, *args, **kwargs)

    return answer
