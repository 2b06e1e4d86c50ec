from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection

# Whoever may become the owner of a table may also take its wall down.
_POWERS = """
    SELECT rolname, rolsuper, rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class c
                   WHERE c.relname = 'organisations_organisation'
                     AND pg_has_role(current_user, c.relowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = current_user
"""


@register()
def pages_do_not_stand_above_the_wall(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Row-level security does not hold a superuser, and an owner can take it down."""
    if not settings.PRODUCTION or settings.AS_OWNER or connection.vendor != "postgresql":
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(_POWERS)
            name, is_super, bypasses, is_owner = cursor.fetchone()
    except DatabaseError:
        # No database yet, or none that answers: whoever uses it next says so.
        return []
    powers = {"is a superuser": is_super, "has BYPASSRLS": bypasses, "owns the tables": is_owner}
    return [_too_mighty(name, power) for power, has in powers.items() if has]


def _too_mighty(name: str, power: str) -> Error:
    return Error(
        f"The database role {name} {power}, so the wall between organisations does not hold it.",
        hint=(
            "Give GOROUND_DATABASE_URL a role that only reads and writes rows, and "
            "GOROUND_OWNER_DATABASE_URL the one that owns the tables; docs/deploy.md shows how."
        ),
        id="walls.E001",
    )
