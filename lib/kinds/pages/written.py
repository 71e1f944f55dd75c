"""The forms that make a row and change one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.declare import Kind
from lib.kinds.forms import REASON, SEEN, form_for, values_of
from lib.kinds.pages.places import breadcrumb, row_for, title_of
from lib.kinds.pages.ports import KindRequest, Ports, View
from lib.kinds.refusals import sentence_for


def attempt(form: BaseForm, write: Any, kind: Kind) -> Any:
    """What ``write()`` gives, or None with the reason on the form: a refusal by an action or by the database."""
    try:
        with transaction.atomic():
            return write()
    except ValidationError as refusal:
        _tell(form, refusal)
    except IntegrityError as problem:
        sentence = sentence_for(kind, problem)
        if sentence is None:
            raise
        _tell(form, sentence)
    return None


def _tell(form: BaseForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def create_page(kind: Kind, ports: Ports) -> View:
    def page(request: KindRequest, tenant: str) -> HttpResponse:
        create = kind.create
        assert create is not None
        form = form_for(kind, request.access, data=request.POST if request.method == "POST" else None)
        for one in kind.fields:
            # "New village" on a town's page names the town in the address; the list of the field decides what it may be.
            if one.in_form and one.options is not None and (chosen := request.GET.get(one.attribute or one.source)):
                form.initial[one.attribute or one.source] = chosen
        if form.is_bound and form.is_valid():
            row = attempt(form, lambda: create(access=request.access, values=values_of(form)), kind)
            if row is not None:
                messages.success(request, _("%(name)s has been saved.") % {"name": title_of(kind, row)})
                return HttpResponseRedirect(reverse(kind.route(), args=[tenant, row.uid]))
        heading = kind.create_label or _("New")
        context = {
            "kind": kind,
            "form": form,
            "heading": heading,
            "breadcrumb": breadcrumb(kind, tenant, last=heading),
            "help_text": kind.form_help,
            "cancel_url": reverse(kind.route("list"), args=[tenant]),
        }
        return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)

    return ports.allow(kind.object, GET="C", POST="C")(page)


def edit_page(kind: Kind, ports: Ports) -> View:
    def page(request: KindRequest, tenant: str, uid: UUID) -> HttpResponse:
        row = row_for(kind, request.access, uid, "U")
        update = kind.update
        assert update is not None
        is_sent = request.method == "POST"
        if is_sent:
            # Two who save at the same time go one after the other, and the second is told of the first.
            kind.model._default_manager.select_for_update().filter(pk=row.pk).first()
        n_versions = row.versions.count() if hasattr(row, "versions") else 0
        form = form_for(kind, request.access, data=request.POST if is_sent else None, row=row, seen=n_versions)
        status = 422 if is_sent else 200
        if is_sent and form.is_valid():
            if (form.cleaned_data[SEEN] if form.cleaned_data[SEEN] is not None else n_versions) != n_versions:
                sentence = _(
                    "Somebody else changed this in the meantime. Open it again in a second window, compare, and save once more."
                )
                form.add_error(None, sentence)
                form.data = {**request.POST.dict(), SEEN: str(n_versions)}
                status = 409
            else:
                reason = form.cleaned_data[REASON]
                done = attempt(form, lambda: update(access=request.access, row=row, values=values_of(form), reason=reason), kind)
                if done is not None:
                    messages.success(request, _("%(name)s has been saved.") % {"name": title_of(kind, done)})
                    return HttpResponseRedirect(reverse(kind.route(), args=[tenant, row.uid]))
        name = title_of(kind, row)
        context = {
            "kind": kind,
            "form": form,
            "heading": _("Edit %(name)s") % {"name": name},
            "breadcrumb": [
                *breadcrumb(kind, tenant, *(kind.crumbs(row) if kind.crumbs else []), row=row, last=name)[:-1],
                {"label": name, "url": reverse(kind.route(), args=[tenant, row.uid])},
                {"label": _("Edit"), "url": ""},
            ],
            "help_text": kind.form_help,
            "cancel_url": reverse(kind.route(), args=[tenant, row.uid]),
        }
        return answer(request, "kinds/form.html", context, status=status)

    return ports.allow(kind.object, GET="U", POST="U")(page)
