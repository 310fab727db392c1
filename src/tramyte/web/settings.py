"""Django settings: one file, read from the environment, with defaults that run a station on SQLite."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

import django_stubs_ext

from tramyte import __version__
from tramyte.web import home

django_stubs_ext.monkeypatch()

BASE = Path(__file__).parent
HOME = home.folder()
COMPILED = BASE / "compiled"  # the indicators' SQL, made by `make compiled`
SECRET_KEY = home.secret_key(HOME)
DEBUG = False
TESTING = "pytest" in sys.modules

ALLOWED_HOSTS = home.listed("TRAMYTE_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = home.listed("TRAMYTE_ORIGINS", "")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "tramyte.engine.places",
    "tramyte.engine.access",
    "tramyte.engine.audit",
    "tramyte.engine.jobs",
    "tramyte.engine.indicators",
    "tramyte.engine.registers",
    "tramyte.engine.clients",
    "tramyte.care.people",
    "tramyte.care.health_record",
    "tramyte.care.growth",
    "tramyte.care.checkups",
    "tramyte.care.maternal",
    "tramyte.care.immunization",
    "tramyte.care.vaccination",
    "tramyte.care.adverse_events",
    "tramyte.care.consent",
    "tramyte.station.techniques",
    "tramyte.station.cold_chain",
    "tramyte.governance.directives",
    "tramyte.governance.tasks",
    "tramyte.governance.targets",
    "tramyte.governance.reports",
    "tramyte.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tramyte.web.middleware.Headers",
    "tramyte.web.middleware.Bounds",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tramyte.web.middleware.SignedIn",
    "tramyte.web.limits.Limits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tramyte.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tramyte.web.urls"
WSGI_APPLICATION = "tramyte.web.wsgi.application"

TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [BASE / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "csp.context_processors.nonce",
            "tramyte.web.pages.shell.shell",
        ],
        "builtins": ["tramyte.web.templatetags.tramyte"],
    },
}]


def _database() -> dict[str, object]:
    address = home.setting("DATABASE_URL", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "tramyte.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlparse(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("DATABASE_URL phải bắt đầu bằng postgresql:// (hoặc để trống để dùng SQLite).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"options": "-c jit=off"},  # compiling a page's query takes longer than running it
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tramyte.engine.access.passwords.Long", "OPTIONS": {"min_length": 10}},
    {"NAME": "tramyte.engine.access.passwords.NotOnlyDigits"},
    {"NAME": "tramyte.engine.access.passwords.Uncommon"},
    {"NAME": "tramyte.engine.access.passwords.NotTheName"},
    {"NAME": "tramyte.engine.access.passwords.NotCommonplace"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "tramyte.web.pages.sign_in.counted_name"
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "old_password", "new_password1", "new_password2"]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 45 * 60
SESSION_LONGEST_SECONDS = 12 * 3600  # from the sign-in on, however busy
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = home.setting("TRAMYTE_HTTPS", "") == "1"  # a proxy with a certificate stands in front
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # addresses hold the keys of records
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"))
LIMITED = not TESTING and home.setting("TRAMYTE_LIMITS", "") != "off"  # off: for measuring
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"], "script-src": ["'self'"], "style-src": ["'self'"], "connect-src": ["'self'"], "img-src": ["'self'", "data:"], "object-src": ["'none'"],
        "frame-ancestors": ["'none'"], "form-action": ["'self'"], "base-uri": ["'none'"],
    }
}

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["tramyte.web.formats"]
LOCALE_PATHS = [BASE / "locale"]

STATIC_URL = f"static/{__version__}/"  # a new version is a new address, so that nothing old is kept by a browser
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 86400

LARGEST_REQUEST = 64 * 1024 * 1024  # one file of 50 MB still reaches its form, which refuses it in place
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
TEST_RUNNER = "django.test.runner.DiscoverRunner"


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.RotatingFileHandler", "filename": HOME / "tramyte.log", "formatter": "line",
            "maxBytes": 5_000_000, "backupCount": 3, "encoding": "utf-8", "delay": True,
        },
    },
    "root": {"handlers": ["file"], "level": "WARNING"},
    "loggers": {"tramyte": {"handlers": ["file"], "level": "INFO", "propagate": False}},
}
CSRF_FAILURE_VIEW = "tramyte.web.pages.views.csrf_failure"
