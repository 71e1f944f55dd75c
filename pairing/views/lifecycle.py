"""The page of each step of a pairing's life: what is asked, the step, and the refusal in its own words."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.places import breadcrumb, row_for, title_of, visible_row
from pairing import actions
from pairing.forms import MoveForm
from pairing.kinds import PAIRING
from pairing.models import Pairing
from pairing.steps import STEPS, Step
from tenancy import clock
from tenancy.access import TenantRequest, allow
from units.kinds.organisations import UNIT
from units.models import Unit

View = Callable[..., HttpResponse]


def page_of(step: Step) -> View:
    """The page of one step: GET asks, POST does it. 422 for what does not fit, 409 when somebody was faster."""

    def page(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
        pairing: Pairing = row_for(PAIRING, request.access, uid, step.right)
        back = reverse("pairing:pairing", args=[tenant, pairing.uid])
        is_sent = request.method == "POST"
        if not is_sent and pairing.state not in step.states:
            return HttpResponseRedirect(back)
        form = step.form(request.POST if is_sent else None, initial=dict(step.initial(pairing)))
        status = 422 if is_sent else 200
        if form.is_bound and form.is_valid():
            try:
                step.run(pairing=pairing, access=request.access, **form.cleaned_data)
            except actions.PairingRefused as refusal:
                form.add_error(None, refusal)
                status = 409 if isinstance(refusal, actions.PairingMovedOn) else 422
            else:
                messages.success(request, str(step.done))
                return HttpResponseRedirect(back)
        context = {
            "heading": step.label,
            "breadcrumb": [
                *breadcrumb(PAIRING, tenant, row=pairing, last=title_of(PAIRING, pairing))[:-1],
                {"label": title_of(PAIRING, pairing), "url": back},
                {"label": step.label, "url": ""},
            ],
            "help_text": step.help,
            "form": form,
            "cancel_url": back,
            "submit_label": step.label,
        }
        return answer(request, "kinds/form.html", context, status=status)

    page.__name__ = page.__qualname__ = step.code
    return allow("pairing", GET=step.right, POST=step.right)(page)


def step_routes() -> list[URLPattern]:
    """``pairings/<uid>/<step>/`` of every step, named by its code."""
    return [path(f"<slug:tenant>/pairings/<uuid:uid>/{step.code}/", page_of(step), name=step.code) for step in STEPS]


@allow("pairing", GET="U", POST="U")
def move(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Ask for the successor of a unit and the day; move its pairings."""
    if not request.access.everywhere("pairing", "U"):
        raise PermissionDenied
    unit: Unit = visible_row(UNIT, request.access, uid)
    back = reverse("units:unit", args=[tenant, unit.uid])
    successors = Unit.objects.filter(kind=unit.kind, ends_on=None).exclude(pk=unit.pk).order_by("pinyin", "id")
    is_sent = request.method == "POST"
    form = MoveForm(request.POST if is_sent else None, successors=successors, initial={"on": clock.today()})
    if form.is_bound and form.is_valid():
        try:
            told = actions.move_pairings(from_unit=unit, access=request.access, **form.cleaned_data)
        except actions.PairingRefused as refusal:
            form.add_error(None, refusal)
        else:
            done = _("%(moved)d pairings moved, %(merged)d joined with one that the successor has.")
            messages.success(request, done % {"moved": told.n_moved, "merged": told.n_merged})
            return HttpResponseRedirect(back)
    heading = _("Move the pairings of %(unit)s") % {"unit": unit.name}
    context = {
        "heading": heading,
        "breadcrumb": [
            *breadcrumb(UNIT, tenant, row=unit, last=unit.name)[:-1],
            {"label": unit.name, "url": back},
            {"label": heading, "url": ""},
        ],
        "help_text": _("For a unit that is merged or reorganised. Earlier days keep the earlier unit. End the unit itself next."),
        "form": form,
        "cancel_url": back,
        "submit_label": _("Move them"),
    }
    return answer(request, "kinds/form.html", context, status=422 if is_sent else 200)
