"""Whether a unit or village is paired: a column and a filter added to the lists of the floor below."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Field, Filter, Type
from pairing.queries import is_paired

PAIRED = Field(
    key="paired",
    label=_("Paired"),
    type=Type.YES_NO,
    annotate=is_paired,
    filter=Filter(widget="yes_no", where=lambda wanted: Q(is_paired()) if wanted else ~Q(is_paired())),
    sortable=False,
    sheet=False,
    shown=False,
    fact=False,
)
