from django.db import models


class Backup(models.Model):
    """A backup that was written and read back whole. Where the file is now, nobody here knows."""

    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"backup #{self.pk} of {self.rows} rows"
