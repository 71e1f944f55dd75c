"""The operator's page of prefecture readers: who reads which prefecture, make one, end one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from reports.actions.readers import ReaderRefused, create_reader, end_reader
from reports.forms.prefecture import ReaderForm
from reports.models import PrefectureReader
from tenancy import clock
from tenancy.access import PAGE, operators_only
from tenancy.addresses import client_address
from tenancy.models import Account
from tenancy.scope import Actor


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, Account)
    return Actor(request.user.login, request.user.pk, roles="OP", address=client_address(request))


@operators_only
@require_http_methods(PAGE)
@sensitive_variables("first_password")
def readers(request: HttpRequest) -> HttpResponse:
    """All readers; a new one's first password is shown this once."""
    form, first_password, login = ReaderForm(request.POST or None), "", ""
    if request.method == "POST" and form.is_valid():
        login, prefecture = form.cleaned_data["login"], form.cleaned_data["prefecture"]
        try:
            first_password = create_reader(login=login, code=prefecture.pk, actor=_actor(request), now=now(), today=clock.today())
        except ReaderRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            form = ReaderForm()
    rows = PrefectureReader.objects.select_related("account", "prefecture")
    context = {
        "heading": _("Readers of prefectures"),
        "breadcrumb": [],
        "help_text": _("They see the sums that counties of their prefecture published, and nothing else."),
        "form": form,
        "first_password": first_password,
        "login": login,
        "address": request.build_absolute_uri(reverse("prefecture:login")),
        "readers": [
            {
                "login": row.account.login,
                "prefecture": row.prefecture.name,
                "since": row.starts_on.isoformat(),
                "until": row.ends_on.isoformat() if row.ends_on else "",
            }
            for row in rows
        ],
    }
    return render(request, "reports/boards/readers.html", context, status=422 if form.is_bound else 200)


@operators_only
@require_POST
def reader_end(request: HttpRequest) -> HttpResponse:
    """The account named in ``login`` reads nothing any more."""
    login = request.POST.get("login", "")
    if end_reader(login=login, actor=_actor(request), today=clock.today()):
        messages.success(request, _("%(login)s reads nothing from now on.") % {"login": login})
    else:
        messages.error(request, _("There is no such reader any more. Reload the page."))
    return redirect(reverse("reports:readers"))
