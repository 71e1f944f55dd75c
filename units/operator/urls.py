"""Addresses of the platform's operator."""

from django.urls import URLPattern, URLResolver, path

from units.operator import views

app_name = "operator"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.counties, name="counties"),
    path("login/", views.sign_in, name="login"),
    path("login/code/", views.code, name="code"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.change_password, name="password"),
    path("security/", views.own_security, name="security"),
    path("security/second-factor/", views.second_factor, name="second_factor"),
    path("security/second-factor/off/", views.second_factor_off, name="second_factor_off"),
    path("security/recovery-codes/", views.recovery_codes, name="recovery_codes"),
    path("security/sessions/end/", views.end_session, name="end_session"),
    path("counties/new/", views.county_new, name="county_new"),
    path("counties/<slug:slug>/", views.county, name="county"),
    path("counties/<slug:slug>/use/", views.county_use, name="county_use"),
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<uuid:uid>/answer/", views.feedback_answer, name="feedback_answer"),
]
