from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.organisations.models import Network
from goround.apps.records.models import KeepingRules
from goround.domain.privacy.keeping import read_rules


@transaction.atomic
def use_rules(*, network: Network, text: str, by: User | None, at: datetime) -> None:
    """Put a network's own rules for keeping in force. Raises ``RulesWrong``."""
    read_rules(text)
    held, new = KeepingRules.objects.get_or_create(network=network, defaults={"text": text})
    if not new and held.text == text:
        return
    held.text = text
    held.save(update_fields=["text"])
    audit.record("network.keeping_changed", network, by=by, at=at)
