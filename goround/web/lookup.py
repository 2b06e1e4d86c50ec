"""Looking somebody up by name, then answering about them: two steps of one page.

The name is sent in a form and never in an address, which browsers and proxies write down: two
names of people who must not meet would stand side by side there.
"""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

# Before the names of the boxes that look up, which go along with the second step.
FIND = "find"


def answered(request: HttpRequest) -> QueryDict | None:
    """What was said about whoever was found; None while they are only looked up."""
    return request.POST if "do" in request.POST else None
