"""The organisation of rows that belong to another row: a membership's is its group's.

Every table of personal data carries its organisation, because that is the wall: the database
compares it, row by row, with the organisations a request may see.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations import RunPython


class OrganisationOf(models.ForeignKey):  # type: ignore[type-arg]
    """Copied from the row named by ``of`` when a row is first written, in bulk too.

    Nobody sets it and nobody can set it wrongly. A caller that gives ``of`` by its number
    alone pays a query for it.
    """

    def __init__(self, to: Any, on_delete: Any, *, of: str = "", **more: Any) -> None:
        self.of = of
        super().__init__(to, on_delete, **more | {"editable": False, "related_name": "+"})

    def deconstruct(self) -> tuple[Any, ...]:
        """To a migration it is a foreign key like any other."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if add and self.of:
            owner = getattr(model_instance, self.of)
            setattr(model_instance, self.attname, owner.organisation_id)
        return super().pre_save(model_instance, add)


def filled_from(app_label: str, owners: dict[str, str]) -> RunPython:
    """Give rows that were there before the column the organisation of the row they belong to.

    ``owners`` names for each model the relation to take it from.
    """

    def fill(apps: Any, schema_editor: Any) -> None:
        for model_name, relation in owners.items():
            model = apps.get_model(app_label, model_name)
            owner = model._meta.get_field(relation).related_model
            mine = owner.objects.filter(pk=models.OuterRef(f"{relation}_id"))
            rows = model.objects.using(schema_editor.connection.alias)
            rows.update(organisation_id=models.Subquery(mine.values("organisation_id")[:1]))

    return RunPython(fill, RunPython.noop)
