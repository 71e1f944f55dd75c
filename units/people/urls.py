"""Addresses of 人员与授权, all below ``/<tenant>/people/``."""

from django.urls import URLPattern, URLResolver, path

from tenancy.kinds import routes
from units.people.kinds import MEMBER
from units.people.views import grants, lists, logins, many, persons

app_name = "people"
_HERE = "<slug:tenant>/people"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_HERE}/", lists.member_list, name="member_list"),
    path(f"{_HERE}/many/", many.many, name="many"),
    path(f"{_HERE}/many/<uuid:uid>/", many.many_job, name="many_job"),
    path(f"{_HERE}/many/<uuid:uid>/slips/", many.many_slips, name="many_slips"),
    path(f"{_HERE}/logins/<uuid:uid>/", persons.login, name="login"),
    path(f"{_HERE}/logins/<uuid:uid>/person/", persons.link, name="link"),
    path(f"{_HERE}/logins/<uuid:uid>/password/", logins.password_reset, name="password_reset"),
    path(f"{_HERE}/logins/<uuid:uid>/state/", logins.login_state, name="login_state"),
    path(f"{_HERE}/logins/<uuid:uid>/second-factor/", logins.second_factor, name="second_factor"),
    path(f"{_HERE}/logins/<uuid:uid>/grants/new/", grants.grant_new, name="grant_new"),
    path(f"{_HERE}/grants/<uuid:uid>/end/", grants.grant_end, name="grant_end"),
    path(f"{_HERE}/<uuid:uid>/", persons.person, name="member"),
    path(f"{_HERE}/<uuid:uid>/login/new/", persons.login_new, name="login_new"),
    *routes(MEMBER, without=("list", "detail", "create", "edit", "history")),
]
