"""That whoever acts is the member they act as."""

from goround.apps.accounts.models import User
from goround.apps.groups.models import Membership


class NotAMember(Exception):
    """Whoever acts does not belong to the group, or not any more."""


def check_membership(membership: Membership, by: User) -> None:
    """Raises ``NotAMember``."""
    if membership.left_on or membership.parent.user_id != by.pk:
        raise NotAMember(f"{membership} is not of whoever acts")
