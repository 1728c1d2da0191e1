"""One settings file; whatever differs between installations comes from typed environment variables.

Environment (or lines of `var/env`): SECRET_KEY, DEBUG, ALLOWED_HOSTS, DATABASE_URL, VAR_DIR, SECURE_COOKIES,
REPORT_FONTS (a directory with the county's own fonts), SITE_NAME, TRUSTED_PROXIES, TOTP_REQUIRED_FOR, EMAIL_URL,
MAIL_FROM; see README.
"""

from datetime import timedelta
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
environ.Env.read_env(VAR_DIR / "env")

# No fall-back key: `make setup` writes one into var/env.
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "import_export",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "django_tasks_db",
    "tcm_demo.lib",
    "tcm_demo.audit",
    "tcm_demo.accounts",
    "tcm_demo.notices",
    "tcm_demo.jobs",
    "indicators",
    "institutions",
    "assessments",
]

MIDDLEWARE = [
    "tcm_demo.audit.middleware.OriginMiddleware",
    "tcm_demo.lib.middleware.NoNulMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tcm_demo.accounts.middleware.KeepSessionMiddleware",
    "tcm_demo.accounts.middleware.OwedStepsMiddleware",
]

ROOT_URLCONF = "tcm_demo.urls"
WSGI_APPLICATION = "tcm_demo.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tcm_demo.accounts.context.session",
                "tcm_demo.notices.context.unread_notices",
                "assessments.navigation.navigation",
            ],
            "builtins": ["tcm_demo.lib.templatetags.display", "indicators.templatetags.naming"],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing halfway; readers go on beside them (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    # Kept open between requests, and replaced where the database server was restarted in between.
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# Files, so that all worker processes see the progress of a long job.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
    }
}

# Work that takes longer than somebody waits for a page: `manage.py work` does it. "jobs" is for what takes minutes
# (tcm_demo/jobs), so that short work need not wait behind it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "jobs"]}}

# A file on its way into the admin's import: in the cache, where one that nobody confirms goes away by itself.
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["tcm_demo.accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "tcm_demo.accounts.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "tcm_demo.accounts.passwords.KindsValidator"},
    {"NAME": "tcm_demo.accounts.passwords.UsernameValidator"},
    {
        "NAME": "tcm_demo.accounts.passwords.SimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "display_name", "email", "phone"]},
    },
    {"NAME": "tcm_demo.accounts.passwords.CommonValidator"},
    {"NAME": "tcm_demo.accounts.passwords.HistoryValidator"},
]
# Failed sign-ins: 5 lock the account, and 5 lock the address, for half an hour. A lock runs out by itself however often
# somebody knocks in the meantime. A success clears nothing here: services.sign_in clears that account at that address.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = False
AXES_USERNAME_CALLABLE = "tcm_demo.accounts.locks.name_to_count"
AXES_CLIENT_IP_CALLABLE = "tcm_demo.accounts.locks.address_to_count"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are on the audit trail
AXES_ENABLE_ADMIN = False  # tcm_demo.accounts.admin shows the locks
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # no AxesMiddleware: the sign-in pages themselves say how long a lock lasts
# How many reverse proxies stand before the program: so many entries at the end of X-Forwarded-For are true.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Wrong codes of the second factor count as failed sign-ins, so they need no waiting times of their own.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_ISSUER = "示范县创建工作台"
# Who must have a second factor: "superuser" and roles as ACCOUNT_ROLES (user -> codes of roles) names them.
TOTP_REQUIRED_FOR = env.list("TOTP_REQUIRED_FOR", default=[])
ACCOUNT_ROLES = "institutions.access.roles_of"
# Roles that no superuser has: these keep watch over superusers.
ROLES_APART_FROM_SUPERUSERS = ["auditor"]
# Who may read the audit trail, and which part: user -> tcm_demo.audit.scope.Scope, or None.
AUDIT_SCOPE = "institutions.access.audit_scope"
# Tables whose rows the database refuses to change or delete (tcm_demo/audit/append_only.py)
APPEND_ONLY_TABLES = [
    "audit_event",
    "audit_seal",
    "institutions_reportstep",
    "assessments_itemstep",
    "assessments_featurestep",
]
# What the sign-in page calls the place; without it SITE_NAME_FROM is asked.
SITE_NAME = env.str("SITE_NAME", default="")
SITE_NAME_FROM = "institutions.access.only_county_name"

# Where mail goes out, as `smtp+tls://user:password@host:587`; without it people are told in the program alone.
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or EMAIL_HOST_USER or "webmaster@localhost"  # noqa: F821

LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tcm_demo.lib.staticfiles.NodeModulesFinder",
]
# The few files that pages load from npm packages: name in static/ -> file in node_modules/.
NODE_MODULES = BASE_DIR / "node_modules"
NODE_FILES = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/echarts.min.js": "echarts/dist/echarts.min.js",
    "vendor/tus.min.js": "tus-js-client/dist/tus.min.js",
    # named in the script itself, so that it has to be there
    "vendor/tus.min.js.map": "tus-js-client/dist/tus.min.js.map",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
# Evidence: outside of all that is served, in a directory or in S3-compatible storage (EVIDENCE_S3_BUCKET, with the
# access key, the region and, where it is not Amazon's, the address of the endpoint).
if _bucket := env.str("EVIDENCE_S3_BUCKET", default=""):
    from botocore.config import Config

    STORAGES["evidence"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": env.str("EVIDENCE_S3_ENDPOINT", default="") or None,
            "region_name": env.str("EVIDENCE_S3_REGION", default="") or None,
            "access_key": env.str("EVIDENCE_S3_KEY", default="") or None,
            "secret_key": env.str("EVIDENCE_S3_SECRET", default="") or None,
            "default_acl": None,
            # what storage of other makers understands, too
            "client_config": Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                # seconds; nobody waits for minutes for what is not there
                connect_timeout=5,
                read_timeout=30,
                retries={"total_max_attempts": 2},
            ),
            "file_overwrite": False,
        },
    }
else:
    STORAGES["evidence"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "evidence",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }
# Files on their way in, until they are whole; and how large one may be
UPLOAD_DIR = VAR_DIR / "uploads"
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_MB", default=200) * 1024 * 1024
# No file is received that would leave the disk less room than the program itself needs.
EVIDENCE_MIN_FREE_BYTES = env.int("EVIDENCE_MIN_FREE_MB", default=500) * 1024 * 1024
# Who looks for viruses in what is uploaded (clamd), as tcp://host:3310 or unix:///run/clamav/clamd.sock; "": nobody
CLAMD = env.str("CLAMD", default="")
# LibreOffice, where it is installed: Office files are shown and put into binders as PDF
SOFFICE = env.str("SOFFICE", default="soffice")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Offices upload whole ledgers; anything larger is not one.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
LEDGER_MAX_BYTES = 30 * 1024 * 1024

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=False)
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "tcm_demo.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # PCs are shared
# Signed out after so long without use, and told so long before (seconds)
SESSION_IDLE_SECONDS = 30 * 60
SESSION_WARN_SECONDS = 2 * 60
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

# The county's own fonts for the PDF (小标宋, 仿宋, 黑体, 楷体); free ones from npm stand in for what is not there.
_fonts = env.str("REPORT_FONTS", default="")
REPORT_FONTS = Path(_fonts) if _fonts else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "tcm_demo.audit.origin.WithRequestId"}},
    "formatters": {"line": {"format": "{asctime} {levelname} [{request_id}] {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["request"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Failed sign-ins and locks are on the audit trail.
    "loggers": {"axes": {"level": "ERROR"}},
}
