"""Logins for many at once: choose, watch, take the slips."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.htmx import answer
from tenancy.access import PAGE, TenantRequest, allow
from tenancy.models import Job
from units.models import Person
from units.people.actions import many as actions
from units.people.forms import ManyForm
from units.people.queries import candidates
from units.people.slips import slip_list
from units.people.views.common import frame
from units.queries.people import posts_in_words

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow("grant", GET="C", POST="C")
@require_http_methods(PAGE)
def many(request: TenantRequest, tenant: str) -> HttpResponse:
    """Everybody in these offices who has no login; untick whom to leave out."""
    form = ManyForm(request.POST or request.GET or None)
    kinds = form.cleaned_data["kinds"] if form.is_bound and form.is_valid() else form.fields["kinds"].initial
    found = candidates(kinds, on=localdate())
    if request.method == "POST" and form.is_valid():
        ticked = set(request.POST.getlist("person"))
        chosen = [one.person for one in found if str(one.person.uid) in ticked]
        if chosen:
            job = actions.start_many(access=request.access, people=chosen, kinds=kinds)
            return HttpResponseRedirect(reverse("people:many_job", args=[tenant, job.uid]))
        messages.error(request, _("Nobody is ticked. Tick at least one person."))
    context = frame(tenant, _("Make logins for many"))
    context |= {
        "form": ManyForm(initial={"kinds": kinds}),
        "kinds": kinds,
        "found": found[: actions.MOST],
        "n_found": len(found),
        "help_text": _("For people in these offices who have no login. Each office brings its role over its unit."),
        "earlier": _earlier(request, tenant),
    }
    return answer(request, "people/many.html", context, status=422 if request.method == "POST" else 200)


def _earlier(request: TenantRequest, tenant: str) -> list[dict[str, Any]]:
    """Batches whose slips have not been taken yet."""
    jobs = Job.objects.filter(task__endswith="many.make_many").exclude(payload__seed="").order_by("-id")[:5]
    return [
        {
            "label": _("Batch of %(day)s") % {"day": job.created_at.strftime("%Y-%m-%d")},
            "url": reverse("people:many_job", args=[tenant, job.uid]),
        }
        for job in jobs
    ]


def _job(uid: UUID) -> Job:
    job: Job | None = Job.objects.filter(uid=uid, task__endswith="many.make_many").first()
    if job is None:
        raise Http404
    return job


@allow("grant", GET="C")
@require_safe
def many_job(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """How far the batch is; when done, the button that gives the slips, once."""
    job = _job(uid)
    states = {Job.State.DONE: "done", Job.State.FAILED: "failed"}
    state = states.get(Job.State(job.state), "running")
    notes = {
        "done": ngettext("%(n)d login was made.", "%(n)d logins were made.", job.n_total) % {"n": job.n_total},
        "failed": job.problem,
    }
    here = reverse("people:many_job", args=[tenant, uid])
    context = frame(tenant, _("Make logins for many"))
    context |= {
        "progress": {
            "id": "many",
            "label": _("Making logins"),
            "done": job.n_done,
            "total": job.n_total,
            "state": state,
            "note": notes.get(state, ""),
            "url": here,
            # While htmx shows the progress alone, the slips are one tap away on the whole page.
            "next_url": here if state == "done" and request.htmx else "",
            "next_label": _("To the slips"),
            "leave_url": reverse("people:member_list", args=[tenant]),
            "leave_label": _("To the list"),
        },
        "slips_url": reverse("people:many_slips", args=[tenant, uid]) if state == "done" and job.payload.get("seed") else "",
        "is_done": state == "done",
    }
    return answer(request, "people/many_job.html", context, parts={"many": "progress"})


@allow("grant", POST="C")
@require_POST
def many_slips(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """The slip list, once: names, logins, first passwords."""
    slips = actions.take_slips(access=request.access, job=_job(uid), now=now())
    if slips is None:
        messages.error(
            request, _("The slips were taken already; they are given once. Reset the passwords of those whose slip is lost.")
        )
        return HttpResponseRedirect(reverse("people:many_job", args=[tenant, uid]))
    ids = [slip["person"].pk for slip in slips]
    words = Person.objects.filter(pk__in=ids).annotate(words=posts_in_words()).values_list("pk", "words")
    made = slip_list(
        slips,
        title=f"{request.tenant.name} 登录名与首次密码",
        address=request.build_absolute_uri(f"/{tenant}/login/"),
        posts={pk: ";".join(posts) for pk, posts in words},
    )
    response = HttpResponse(made, content_type=_SHEET)
    name = quote(f"登录名与首次密码-{localdate().isoformat()}.xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename=\"logins.xlsx\"; filename*=UTF-8''{name}"
    return response
