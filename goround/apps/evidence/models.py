"""What surveys showed, as it stood on the day it was counted. Sums only, for staff only."""

from __future__ import annotations

from django.db import models

from goround.apps.evidence.pictures import Picture
from goround.apps.organisations.walled import OrganisationOf
from goround.domain.change import Design


class Report(models.Model):
    """One survey of one organisation, measured. The figures never change: count anew for new ones.

    They are exact, and not for publication: what goes outside is a release.
    """

    class AskedHow(models.TextChoices):
        FOLLOWED = Design.FOLLOWED.value
        RECALLED = Design.RECALLED.value

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT)
    survey = models.ForeignKey("surveys.Survey", on_delete=models.CASCADE, related_name="+")
    asked_how = models.CharField(max_length=8, choices=AskedHow)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "survey", "asked_how"], name="report_of_survey")
        ]
        constraints = [
            models.CheckConstraint(
                name="report_made_has_figures",
                condition=models.Q(made_at=None) ^ ~models.Q(figures={}),
            )
        ]

    def __str__(self) -> str:
        return f"report #{self.pk} on survey #{self.survey_id}"

    @property
    def picture(self) -> Picture:
        return Picture.read(self.figures)


class GroupReport(models.Model):
    """One group's part of a report, for those who lead it."""

    organisation = OrganisationOf("organisations.Organisation", models.CASCADE, of="report")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="of_groups")
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "group"], name="group_report_once")
        ]

    def __str__(self) -> str:
        return f"report #{self.report_id} for group #{self.group_id}"

    @property
    def picture(self) -> Picture:
        return Picture.read(self.figures)
