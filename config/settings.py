"""Settings: read from the environment, refusing a malformed value. Every name is told in deploy/env.example."""

import json
from pathlib import Path
from typing import Any

import pghistory
import structlog
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL = BASE_DIR / ".local"
env = Env()


def _from_file(name: str, default: Path) -> str:
    """A secret kept in a file: an environment variable would be seen in the process list of a container."""
    path = Path(env.str(name, str(default)))
    if not path.is_file():
        raise RuntimeError(f"{name}: no file at {path}. `make setup` makes it; in production mount the secret there.")
    value = path.read_text(encoding="utf-8").strip()
    if len(value) < 50:
        raise RuntimeError(f"{name}: {path} holds fewer than 50 characters. Write a longer random value.")
    return value


VERSION = "0.1.0"
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _from_file("SECRET_KEY_FILE", LOCAL / "secret_key")
# Signs the tenant that a transaction works for; the database checks it (docs/decisions/0003).
TENANT_KEY = _from_file("TENANT_KEY_FILE", LOCAL / "tenant_key")
# Plain http is for one machine only: `make run`, tests.
BEHIND_HTTPS = env.bool("BEHIND_HTTPS", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
# How many proxies stand in front and write X-Forwarded-For; 0 means the header is not believed.
PROXY_COUNT = env.int("PROXY_COUNT", 0)

INSTALLED_APPS = [
    "django_linear_migrations",
    "config",
    # Lowest floor first: an app that is ready may extend those below it.
    "tenancy",
    "units",
    "notices",
    "pairing",
    "activities",
    "supervision",
    "assessment",
    "reports",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "tenancy.middleware.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Outside of whatever may refuse a request: error answers carry the policy too.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenancy.middleware.faults.FaultMiddleware",
    "tenancy.middleware.clean.CleanInputMiddleware",
    "tenancy.middleware.bearer.BearerMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenancy.middleware.sessions.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "tenancy.middleware.tenant.TenantMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.pages.page_frame",
            ],
            "libraries": {"drawn": "lib.drawn.tags"},
        },
    }
]
FORM_RENDERER = "lib.drawn.widgets.Renderer"


def _database_urls() -> dict[str, str]:
    """URLs by alias: from the environment, else as the local launcher wrote them."""
    kept = LOCAL / "database.json"
    local: dict[str, str] = json.loads(kept.read_text()) if kept.is_file() and not env.str("DATABASE_URL", "") else {}
    names = {
        "default": "DATABASE_URL",
        "owner": "DATABASE_OWNER_URL",
        "dispatch": "DATABASE_DISPATCH_URL",
        "pref": "DATABASE_PREF_URL",
    }
    urls = {alias: env.str(name, "") or local.get(alias, "") for alias, name in names.items()}
    return {alias: url for alias, url in urls.items() if url}


def _database(url: str, *, serves: bool) -> dict[str, Any]:
    """Settings of one alias; ``serves``: requests run on it. ATOMIC_REQUESTS on the others would sign in as them on each page."""
    settings: dict[str, Any] = dict(Env().dj_db_url("NOT_SET", default=url))
    settings |= {
        # The tenant is set per transaction, so a kept connection carries none to its next user.
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "ATOMIC_REQUESTS": serves,
    }
    settings.setdefault("OPTIONS", {})["connect_timeout"] = 5
    return settings


DATABASES = {alias: _database(url, serves=alias == "default") for alias, url in _database_urls().items()}
if "default" not in DATABASES:
    # Commands that need no database (collectstatic, --help) still start; others say what is missing.
    DATABASES["default"] = {"ENGINE": "django.db.backends.dummy"}
DATABASE_ROUTERS = ["tenancy.routers.OneDatabaseRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenancy.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "tenancy.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "tenancy.passwords.ContextWordsValidator"},
]
SESSION_ENGINE = "tenancy.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", 30) * 60
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_HOURS", 12) * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_HTTPS else "csrf"
CSRF_FAILURE_VIEW = "tenancy.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "/"

# Five wrong passwords lock the account name, and the address, for a while. Kept in PostgreSQL,
# so that emptying Redis unlocks nobody (reliability rule: Redis holds only what may vanish).
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = env.int("LOCKOUT_FAILURES", 5)
AXES_COOLOFF_TIME = env.float("LOCKOUT_HOURS", 0.25)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
# axes would forget every failure from the address, so that whoever has one account could guess at others for ever;
# tenancy.signin forgets those of the account that signed in.
AXES_RESET_ON_SUCCESS = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in and when stands in the county's audit chain
AXES_SENSITIVE_PARAMETERS = ["login", "code", "current", "new", "again", "csrfmiddlewaretoken", "next"]
# The name of the argument of authenticate(), by which failures are counted; not the name of the field on the page.
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "tenancy.errors.too_many"
AXES_CLIENT_IP_CALLABLE = "tenancy.addresses.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Who a person is stands a floor above accounts (tenancy/names.py).
ACCOUNT_NAMES = "units.queries.person_names"
ACCOUNTS_NAMED = "units.people.names.accounts_named"

ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_TOTP_ISSUER = "结对帮扶平台"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off

# -- words and time -------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["config.formats"]

# -- files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(LOCAL / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(LOCAL / "media")))
# A deployed copy has run collectstatic and serves hashed, compressed names; one machine serves from the folder.
_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not _COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED or env.bool("COLLECTING_STATIC", False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
IMPORT_MAX_BYTES = 20 * 1024 * 1024

# -- the browser ----------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # nginx does it; the health checks come over plain http from the same host
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# -- programs -------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenancy.api.SignedIn"],
    "DEFAULT_PERMISSION_CLASSES": ["tenancy.api.PolicyPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "tenancy.api_schema.Schema",
    # No answer to OPTIONS and no ?format=: the description says what there is.
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "tenancy.api.CursorPages",
    "EXCEPTION_HANDLER": "tenancy.api.problem",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "iso-8601",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "结对帮扶平台 API",
    "DESCRIPTION": "单位、村、结对、人员与导入。先用 auth/token/ 换取令牌,再以 Authorization: Bearer 令牌 调用。",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "tenancy.api_schema.without_docstrings"],
    "ENUM_NAME_OVERRIDES": {
        "UnitKind": "units.models.unit.UnitKind.choices",
        "OfficeKind": "units.api.serializers.OFFICE_CHOICES",
        "VillageKind": "units.api.serializers.VILLAGE_CHOICES",
        "PostKind": "units.models.person.PostKind.choices",
        "ImportState": "units.importing.api.STATES",
        "PairingState": "pairing.models.pairing.PairingState.choices",
        "EndingReason": "pairing.models.pairing.EndingReason.choices",
        "RuleScope": "activities.models.rule.RuleScope.choices",
        "PartialPeriod": "activities.models.rule.PartialPeriod.choices",
        "WaiverScope": "activities.models.calendar.WaiverScope.choices",
        "RecordStatus": "activities.models.record.Status.choices",
        "ItemState": "activities.models.item.ItemState.choices",
        "ItemKind": "activities.models.item.ItemKind.choices",
        "AssessmentStage": "assessment.models.cycle.CycleState.choices",
        "AssessmentGrade": "assessment.models.rubric.Grade.choices",
        "HonourLevel": "assessment.models.facts.HonourLevel.choices",
        "VetoKind": "assessment.models.facts.VetoKind.choices",
    },
}

# -- work behind the page -------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
_IS_PLAIN_REDIS = REDIS_URL.startswith(("redis://", "rediss://"))
CELERY = {
    "broker_url": REDIS_URL or "memory://localhost/",
    # kombu's own lets a worker end, or go deaf, when Redis goes away while it works (config/broker.py).
    **({"broker_transport": "config.broker:Transport"} if _IS_PLAIN_REDIS else {}),
    # max_retries: one attempt for who enqueues, as a request waits for it. Worker and scheduler have their own, without end.
    "broker_transport_options": {"visibility_timeout": 3600, "socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
    if REDIS_URL
    else {"polling_interval": 0.05},
    "broker_connection_max_retries": None,
    "broker_connection_retry_on_startup": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_ignore_result": True,
    "task_time_limit": 900,
    "task_soft_time_limit": 840,
    "task_publish_retry": False,
    "task_serializer": "json",
    "accept_content": ["json"],
    "timezone": TIME_ZONE,
    "worker_hijack_root_logger": False,
    "worker_soft_shutdown_timeout": 5,
}

# Versions are read by (tenant, object); an index of its own for each copied key would only cost.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
PGHISTORY_APPEND_ONLY = False  # the grants say it: the application may only add versions (tenancy/rights.py)
SILENCED_SYSTEM_CHECKS = [
    "axes.W006",  # the address is one of two separate lock parameters, on purpose
    "security.W008",  # nginx redirects to https; the health checks come over plain http from the same host
]

LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            # With the traceback of what libraries log, or nobody can tell why a worker ended.
            "foreign_pre_chain": [*_SHARED, structlog.processors.format_exc_info],
        }
    },
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": LOG_LEVEL},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
