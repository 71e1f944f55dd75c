"""What a county decides for itself, and how the service is closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tenancy.access import PAGE, TenantRequest, allow, public
from tenancy.actions.settings import change_settings
from tenancy.forms import SettingsForm
from tenancy.models import TenantSettings
from tenancy.scope import tenant_scope


@allow("settings", GET="R", POST="U")
@require_http_methods(PAGE)
def settings(request: TenantRequest, tenant: str) -> HttpResponse:
    """The county's settings: read by staff and auditors, changed by the administrator."""
    row = TenantSettings.objects.first() or TenantSettings(tenant=request.tenant)
    can_edit = request.access.can("settings", "U")
    form = SettingsForm(request.POST or None, instance=row)
    if request.method == "POST":
        if form.is_valid():
            # The form has written into its own instance; the action compares with the row as it stands.
            change_settings(settings=TenantSettings.objects.get(pk=row.pk), values=form.cleaned_data, access=request.access)
            messages.success(request, _("The settings were kept."))
            return redirect(reverse("tenancy:settings", args=[request.tenant.slug]))
        return _page(request, form, row, can_edit=can_edit, status=422)
    return _page(request, form, row, can_edit=can_edit)


def _page(request: TenantRequest, form: SettingsForm, row: TenantSettings, *, can_edit: bool, status: int = 200) -> HttpResponse:
    slug = request.tenant.slug
    places = [
        (_("Division codes"), reverse("divisions:list", args=[slug]), request.access.can("unit", "C")),
        (_("Event log"), reverse("tenancy:audit", args=[slug]), request.access.can("event_log", "R")),
        (_("Complaints and suggestions"), reverse("tenancy:feedback_list", args=[slug]), request.access.can("feedback", "R")),
    ]
    context: dict[str, Any] = {
        "heading": _("Settings"),
        "breadcrumb": [{"label": _("Home"), "url": f"/{slug}/"}, {"label": _("Settings"), "url": ""}],
        "form": form,
        "can_edit": can_edit,
        "facts": [{"label": field.label, "text": _shown(row, field.name)} for field in form],
        "places": [{"label": label, "url": url} for label, url, is_open in places if is_open],
    }
    return render(request, "tenancy/settings.html", context, status=status)


def _shown(row: TenantSettings, name: str) -> str:
    if name == "date_style":
        return str(row.get_date_style_display())
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return str(value)


@public("whoever is asked for data may know how it is handed out when the service ends")
@require_safe
def retirement(request: TenantRequest, tenant: str) -> HttpResponse:
    """How the service is closed (domain.md §5.2)."""
    with tenant_scope(request.tenant):
        row = TenantSettings.objects.first()
        note = row.retirement_note if row else ""
    return render(request, "tenancy/retirement.html", {"heading": _("How this service is closed"), "note": note})
