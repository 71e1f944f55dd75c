"""How often something was done in a while: budgets that hold for all processes and survive a restart."""

from django.db import models


class RateCount(models.Model):
    """One count that ends at ``until``. ``key`` is a keyed hash: neither address nor account can be read from it."""

    key = models.CharField(max_length=64, primary_key=True)
    n = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.n)
