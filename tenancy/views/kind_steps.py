"""Steps of a row beyond making and changing it: signing, closing, withdrawing. One declaration, one page, one button each.

The page asks (GET) and does it (POST): 422 with what was typed when the action refuses, 409 when somebody was faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from lib.htmx import answer
from lib.kinds.declare import Kind, Words
from lib.kinds.pages.places import breadcrumb, title_of, visible_row
from lib.kinds.pages.shown import facts_of
from lib.kinds.panels import Action, register_action
from tenancy.access import Access, TenantRequest, allow


def _always(row: Any) -> bool:
    return True


def _nothing(row: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. ``right``: (object, action) of the policy table; ``fits(row)``: whether it follows now.

    ``run(row=, access=, **cleaned)`` does it and raises ``ValidationError``, with ``code`` "wrong_state" when somebody was
    faster. ``initial(row)``: what the form begins with. ``primary``: the red button of the row's page.
    """

    kind: Kind
    code: str
    label: Words
    right: tuple[str, str]
    form: type[forms.Form]
    run: Callable[..., Any]
    done: Words
    help: Words = ""
    fits: Callable[[Any], bool] = _always
    initial: Callable[[Any], Mapping[str, Any]] = _nothing
    primary: bool = False
    order: int = 50

    @property
    def route(self) -> str:
        return f"{self.kind.namespace}:{self.kind.stem}_{self.code}"

    def is_for(self, access: Access, row: Any) -> bool:
        """Whether ``access`` may do it on this row; whether it follows now, ``fits`` says."""
        reach = access.reach(*self.right)
        if reach is None:
            return True
        return bool(reach) and self.kind.within(self.kind.model._default_manager.filter(pk=row.pk), reach).exists()

    def action(self, request: Any, row: Any) -> Action | None:
        """The button on the row's page."""
        if not self.fits(row) or not self.is_for(request.access, row):
            return None
        return Action(self.label, reverse(self.route, args=[request.tenant.slug, row.uid]), self.primary, self.order)

    def address(self) -> URLPattern:
        """``<kind>/<uid>/<code>/``."""
        url = f"<slug:tenant>/{self.kind.path}/<uuid:uid>/{self.code}/"
        return path(url, _page(self), name=f"{self.kind.stem}_{self.code}")


def _page(step: Step) -> Callable[..., HttpResponse]:
    kind = step.kind

    def page(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
        row = visible_row(kind, request.access, uid)
        if not step.is_for(request.access, row):
            raise PermissionDenied
        back = reverse(kind.route(), args=[tenant, row.uid])
        if request.method != "POST" and not step.fits(row):
            return HttpResponseRedirect(back)
        form = step.form(request.POST if request.method == "POST" else None, initial=dict(step.initial(row)))
        status = 422 if form.is_bound else 200
        if form.is_bound and form.is_valid():
            refused = _try(step, row, request.access, form)
            if refused is None:
                messages.success(request, str(step.done))
                return HttpResponseRedirect(back)
            status = refused
        name = title_of(kind, row)
        context = {
            "heading": step.label,
            "breadcrumb": [
                *breadcrumb(kind, tenant, *(kind.crumbs(row) if kind.crumbs else []), row=row, last=name)[:-1],
                {"label": name, "url": back},
                {"label": step.label, "url": ""},
            ],
            "help_text": step.help,
            "name": name,
            "facts": [one for one in facts_of(kind, request.access, row, tenant) if one["text"]],
            "form": form,
            "cancel_url": back,
            "submit_label": step.label,
        }
        return answer(request, "kinds/step.html", context, status=status)

    page.__name__ = page.__qualname__ = f"{kind.stem}_{step.code}"
    return allow(step.right[0], GET=step.right[1], POST=step.right[1])(page)


def _try(step: Step, row: Any, access: Access, form: forms.Form) -> int | None:
    """Do it; None when it is done, else the status of the refusal, whose words stand on the form."""
    try:
        with transaction.atomic():
            step.run(row=row, access=access, **form.cleaned_data)
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict"):
            for name, errors in refusal.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            form.add_error(None, refusal)
        return 409 if getattr(refusal, "code", "") == "wrong_state" else 422
    return None


def register_buttons(*steps: Step) -> None:
    """Offer each step as a button on the page of its row; called at start-up."""
    for step in steps:
        register_action(_Button(step), step.kind.code)


class _Button:
    """A step's button, with a name of its own: the machinery tells makers apart by their names."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self.__qualname__ = f"{step.kind.code}_{step.code}"

    def __call__(self, request: Any, row: Any) -> Action | None:
        return self._step.action(request, row)
