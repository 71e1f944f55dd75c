"""Health, sign-in, and what belongs to a county as a whole."""

from django.urls import URLPattern, URLResolver, path

from tenancy.views import audit, feedback, health, password, security, settings, signing, start

app_name = "tenancy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", start.language, name="language"),
    path("elder/", start.text_size, name="elder"),
    path("<slug:tenant>/login/", signing.sign_in, name="login"),
    path("<slug:tenant>/login/code/", signing.code, name="code"),
    path("<slug:tenant>/logout/", signing.sign_out, name="logout"),
    path("<slug:tenant>/password/", password.password, name="password"),
    path("<slug:tenant>/security/", security.security, name="security"),
    path("<slug:tenant>/security/second-factor/", security.switch_on, name="second_factor"),
    path("<slug:tenant>/security/second-factor/off/", security.switch_off, name="second_factor_off"),
    path("<slug:tenant>/security/recovery-codes/", security.renew_codes, name="recovery_codes"),
    path("<slug:tenant>/security/sessions/end/", security.end_one_session, name="end_session"),
    path("<slug:tenant>/feedback/", feedback.feedback, name="feedback"),
    path("<slug:tenant>/feedback/sent/", feedback.feedback_sent, name="feedback_sent"),
    path("<slug:tenant>/feedback/list/", feedback.feedback_list, name="feedback_list"),
    path("<slug:tenant>/feedback/<uuid:uid>/answer/", feedback.feedback_answer, name="feedback_answer"),
    path("<slug:tenant>/settings/", settings.settings, name="settings"),
    path("<slug:tenant>/settings/retirement/", settings.retirement, name="retirement"),
    path("<slug:tenant>/audit/", audit.audit, name="audit"),
]
