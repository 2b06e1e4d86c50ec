from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from goround.apps.accounts.guessing import guess
from goround.apps.accounts.models import Tries
from goround.apps.jobs.housekeeping import forget
from goround.domain.privacy.guessing import Secret

pytestmark = pytest.mark.django_db


def test_housekeeping_forgets_what_is_over_and_keeps_the_rest():
    now = timezone.now()
    guess(secret=Secret.CARD, name="ana", at=now, check=lambda: None)
    SessionStore().create()

    forget(now)
    assert (Tries.objects.count(), Session.objects.count()) == (1, 1)

    forget(now + timedelta(days=2))
    assert (Tries.objects.count(), Session.objects.count()) == (0, 0)
