"""What is the same wherever Golden Thread runs. Each other settings module starts from this one.

Read from the environment: GT_DATABASE_URL (web/database.py), GT_VAR (where this machine keeps its files; default var/),
GT_SESSION_MINUTES (how long a person may be idle before signing in again), GT_GUIDANCE_FOLDER and GT_ARRANGEMENT
(foundation/library.py). See docs/look-up/settings.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from goldenthread.web.database import database_from_url

PACKAGE_DIR = Path(__file__).resolve().parents[2]
_CHECKOUT = PACKAGE_DIR.parents[1]
_IN_CHECKOUT = (_CHECKOUT / "pyproject.toml").exists()

#: Everything this machine makes for itself: database, key, documents, collected static files.
VAR_DIR = Path(
    os.environ.get("GT_VAR") or (_CHECKOUT / "var" if _IN_CHECKOUT else Path.cwd() / "var")
).resolve()

DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "goldenthread.foundation",
    "goldenthread.agencies",
    "goldenthread.people",
    "goldenthread.casework",
    "goldenthread.sharing",
    "goldenthread.meetings",
    "goldenthread.intelligence",
    "goldenthread.intelligence.figures",
    "goldenthread.intelligence.questions",
    "goldenthread.intelligence.comments",
    "goldenthread.intelligence.subscriptions",
    "goldenthread.intelligence.collections",
    "goldenthread.intelligence.marks",
    "goldenthread.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "goldenthread.agencies.middleware.ActorMiddleware",
    # Closed by default: a page is open to people who are not signed in only if its view says so.
    "goldenthread.web.middleware.SignedInPeopleOnly",
    "goldenthread.web.middleware.IdleSession",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "goldenthread.web.middleware.PrivatePages",
    "goldenthread.web.middleware.RequireTwoFactor",
    "goldenthread.people.middleware.JoinedRecords",
    "goldenthread.web.middleware.PlainErrors",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as its authors ask
]

ROOT_URLCONF = "goldenthread.web.urls"
WSGI_APPLICATION = "goldenthread.web.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "goldenthread.web.context.service",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        # All our pages, the sign-in pages included. Found before Django's own engine is asked.
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            PACKAGE_DIR / "web" / "templates",
            *(
                PACKAGE_DIR / app / "templates"
                for app in ("foundation", "agencies", "people", "casework", "sharing", "meetings", "intelligence")
            ),
            PACKAGE_DIR / "intelligence" / "figures" / "templates",
            PACKAGE_DIR / "intelligence" / "collections" / "templates",
            PACKAGE_DIR / "intelligence" / "marks" / "templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "goldenthread.web.jinja.environment",
            "context_processors": _CONTEXT_PROCESSORS,
        },
    },
    {
        # Only for the plain-text messages of packages (allauth's e-mails).
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]

DATABASES = {
    "default": database_from_url(
        os.environ.get("GT_DATABASE_URL") or f"sqlite:///{VAR_DIR / 'goldenthread.sqlite3'}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "documents"  # never served by address: documents are read through their views
WHITENOISE_USE_FINDERS = True
#: A larger upload is refused in plain words before it is read into memory.
GT_UPLOAD_LIMIT = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "goldenthread.web.uploads.LimitUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Who people are -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, as its authors ask: a locked-out name never reaches a password
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 12}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "goldenthread.web.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator makes accounts; nobody signs up
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Per name this is looser than the lock of axes below, which counts per name and address: a stranger elsewhere can slow
# guessing down for everyone, and must not be able to keep a colleague out.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,30/300s/key",
    "reset_password": "5/h/ip,3/h/key",
}
ACCOUNT_USER_DISPLAY = "goldenthread.web.accounts.display_name"

MFA_ADAPTER = "goldenthread.web.accounts.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Golden Thread"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {"deactivate_totp": "goldenthread.web.accounts.DeactivateTOTPForm"}
#: When True a signed-in user without two-factor sign-in is sent to set it up before anything else.
GT_REQUIRE_TWO_FACTOR = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "goldenthread.web.accounts.name_being_tried"
AXES_LOCKOUT_CALLABLE = "goldenthread.web.errors.locked_out"
AXES_RESET_ON_SUCCESS = True
# A stranger who keeps trying must not keep the lock on a colleague for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["password", "login"]
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "goldenthread.web.accounts.address_of"
AXES_ENABLE_ADMIN = False
#: How many proxies in front of the service set X-Forwarded-For. 0: nobody, so the header is not believed.
GT_TRUSTED_PROXIES = int(os.environ.get("GT_TRUSTED_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = GT_TRUSTED_PROXIES

# --- How often the API may be called, in a minute -----------------------------------------------------------------
GT_API_CALLS_PER_TOKEN = int(os.environ.get("GT_API_CALLS_PER_TOKEN", "300"))
GT_API_CALLS_PER_ADDRESS = int(os.environ.get("GT_API_CALLS_PER_ADDRESS", "1200"))
#: Calls with a token that is false, from one address: then even a right one waits.
GT_API_REFUSED_PER_ADDRESS = int(os.environ.get("GT_API_REFUSED_PER_ADDRESS", "20"))

# --- Sessions and cookies -------------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = int(os.environ.get("GT_SESSION_MINUTES", "60")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "gt_session"
CSRF_COOKIE_NAME = "gt_csrf"
CSRF_COOKIE_HTTPONLY = False  # scripts of our own read it to save drafts
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "goldenthread.web.errors.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- What a browser may do ------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- What guidance applies ------------------------------------------------------------------------------------------
#: A folder of guidance files in place of those that ship, and the arrangement where an area does not tell.
GT_GUIDANCE_FOLDER = os.environ.get("GT_GUIDANCE_FOLDER") or None
GT_ARRANGEMENT = os.environ.get("GT_ARRANGEMENT", "")

#: The extract that this service keeps, and the values of the scorecard beside it (`goldenthread extract`).
GT_EXTRACT = Path(os.environ.get("GT_EXTRACT") or VAR_DIR / "extract")

# --- Email ----------------------------------------------------------------------------------------------------------
#: Where people reach the service: the links in emails begin with it.
GT_SERVICE_ADDRESS = os.environ.get("GT_SERVICE_ADDRESS", "http://localhost:8000")
#: For email by GOV.UK Notify (web/notify.py): an API key of the service there, and a template with ((subject)) and ((body)).
GT_NOTIFY_API_KEY = os.environ.get("GT_NOTIFY_API_KEY", "")
GT_NOTIFY_TEMPLATE = os.environ.get("GT_NOTIFY_TEMPLATE", "")
GT_NOTIFY_URL = os.environ.get("GT_NOTIFY_URL", "https://api.notifications.service.gov.uk")
EMAIL_TIMEOUT = 20  # a mail server that does not answer must not hold up the night

# --- What the pages say ---------------------------------------------------------------------------------------------
GT_DEMO = False
GT_SERVICE_NAME = "Golden Thread"
#: The made-up accounts of a demo, written by `goldenthread demo`.
GT_DEMO_ACCOUNTS = VAR_DIR / "demo-accounts.json"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "goldenthread.web.logs.NoValues",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # axes logs the names people try to sign in with; names of staff are personal data too.
    "loggers": {"axes": {"handlers": ["console"], "level": "CRITICAL", "propagate": False}},
}
