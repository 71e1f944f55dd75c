"""Households: pasting the list of a pairing, and taking one off it."""

from __future__ import annotations

import re
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.pages.places import breadcrumb, title_of, visible_row
from pairing.actions.households import HouseholdFacts, delist_household, list_households
from pairing.kinds import HOUSEHOLD, PAIRING
from pairing.models import HouseholdContact, Pairing
from pairing.queries import within
from tenancy.access import Access, TenantRequest, allow
from tenancy.asking import day_field, reason_field
from tenancy.views.kind_steps import Step

_FIELDS = ("house_no", "householder", "unit_member", "village_member")
_LONGEST = 40
_HEADINGS = ("门牌", "户主", "序号")


class DelistForm(forms.Form):
    reason = reason_field()
    on = day_field(gettext_lazy("Taken off the list on"), gettext_lazy("Empty: today."))


def _delist(*, row: HouseholdContact, access: Access, reason: str, on: object) -> None:
    delist_household(household=row, reason=reason, on=on, access=access)  # type: ignore[arg-type]


DELIST = Step(
    kind=HOUSEHOLD,
    code="delist",
    label=gettext_lazy("Take off the list"),
    right=("household", "U"),
    form=DelistForm,
    run=_delist,
    fits=lambda row: row.delisted_on is None,
    done=gettext_lazy("The household is off the list. What was written of it stays readable."),
    help=gettext_lazy("For a household that moved away or was listed by mistake."),
    order=80,
)


class ManyForm(forms.Form):
    """A list as people have it: pasted from a table, or typed."""

    lines = forms.CharField(
        label=gettext_lazy("List of households"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "One household a line: house number, householder, Party member of the unit, Party member of the village. "
            "Paste the columns from a table, or part them by commas or spaces; who is not known yet is left out."
        ),
        error_messages={"required": gettext_lazy("Paste or type at least one line.")},
    )
    listed_on = day_field(gettext_lazy("Listed on"), gettext_lazy("Empty: today."))

    def clean_lines(self) -> list[HouseholdFacts]:
        """What each line says. Raises ValidationError that names the lines which are not understood."""
        found: list[HouseholdFacts] = []
        wrong: list[str] = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            parts = _parts(line)
            if not any(parts) or (number == 1 and any(word in parts[0] for word in _HEADINGS)):
                continue
            if len(parts) > len(_FIELDS):
                wrong.append(_("Line %(n)s has more than four parts.") % {"n": number})
            elif any(len(part) > _LONGEST for part in parts):
                wrong.append(_("Line %(n)s: a part is longer than 40 characters.") % {"n": number})
            elif not parts[0]:
                wrong.append(_("Line %(n)s has no house number.") % {"n": number})
            else:
                found.append(HouseholdFacts(**dict(zip(_FIELDS, parts, strict=False))))
        if wrong:
            raise ValidationError([*wrong[:10]])
        if not found:
            raise ValidationError(_("Paste or type at least one line."))
        return found


def _parts(line: str) -> list[str]:
    """Cells of a pasted row, else what commas part, else what spaces part."""
    for mark in (r"\t", r"[,，、;；|]", r"\s+"):
        if re.search(mark, line.strip("\n")):
            parts = [part.strip() for part in re.split(mark, line.strip() if mark == r"\s+" else line)]
            while parts and not parts[-1]:
                parts.pop()
            return parts or [""]
    return [line.strip()]


@allow("household", GET="C", POST="C")
def add_many(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Put several households on the list of a pairing: all of them, or none with the lines that stand against it."""
    pairing: Pairing = visible_row(PAIRING, request.access, uid)
    reach = request.access.reach("household", "C")
    if reach is not None and not Pairing.objects.filter(within(reach), pk=pairing.pk).exists():
        raise PermissionDenied
    form = ManyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        many, listed_on = form.cleaned_data["lines"], form.cleaned_data["listed_on"]
        try:
            made = list_households(pairing=pairing, many=many, listed_on=listed_on, access=request.access)
        except ValidationError as refusal:
            form.add_error("lines", refusal)
        else:
            done = ngettext("%(n)s household is on the list.", "%(n)s households are on the list.", len(made))
            messages.success(request, done % {"n": cells.number(len(made))})
            return HttpResponseRedirect(f"{reverse('pairing:household_list', args=[tenant])}?pairing={pairing.uid}")
    name, heading = title_of(PAIRING, pairing), _("Add households")
    back = reverse("pairing:pairing", args=[tenant, pairing.uid])
    context = {
        "heading": heading,
        "breadcrumb": [
            *breadcrumb(PAIRING, tenant, row=pairing, last=name)[:-1],
            {"label": name, "url": back},
            {"label": heading, "url": ""},
        ],
        "help_text": _("House number and name only; no identity card numbers, no telephone."),
        "form": form,
        "cancel_url": back,
        "submit_label": _("Put them on the list"),
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)
