"""Addresses of a prefecture's readers, who belong to no county."""

from django.urls import URLPattern, URLResolver, path

from reports.views import prefecture as views

app_name = "prefecture"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.board, name="board"),
    path("login/", views.sign_in, name="login"),
    path("login/code/", views.code, name="code"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.change_password, name="password"),
    path("security/", views.own_security, name="security"),
    path("security/second-factor/", views.second_factor, name="second_factor"),
    path("security/second-factor/off/", views.second_factor_off, name="second_factor_off"),
    path("security/recovery-codes/", views.recovery_codes, name="recovery_codes"),
    path("security/sessions/end/", views.end_session, name="end_session"),
]
