"""The product's settings with a `var/` that goes when the run ends, so that tests never touch the real one."""

import os
import tempfile
from pathlib import Path

# Each process of a parallel run has its own, kept alive by this name and removed at exit.
_var = tempfile.TemporaryDirectory(prefix="tcm-demo-tests-")
os.environ["VAR_DIR"] = _var.name
os.environ["SECRET_KEY"] = "tests-only-" + "0" * 40

from tcm_demo.settings import *  # noqa: E402, F403
from tcm_demo.settings import DATABASES, INSTALLED_APPS, STORAGES, TASKS  # noqa: E402

# for its command `flush`, which may empty tables that only grow
INSTALLED_APPS.append("tests")

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that a live server's threads and the test share it as they would in use.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_var.name, "test.sqlite3"))}
else:
    # Threads of a live server must let go of the database when a test ends.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Pages name static files as they are: no collectstatic before the tests. One test builds the real manifest.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
Path(_var.name, "static").mkdir()
# The real hasher takes 0.2 s a password.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# What is put into the queue is done at once; tests of the worker itself take the real queue.
TASKS["default"]["BACKEND"] = "django_tasks.backends.immediate.ImmediateBackend"
