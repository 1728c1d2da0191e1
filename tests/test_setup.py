"""What `make setup` and `make test` rest on: pinned packages, a private var/, a machine that is told what it lacks."""

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = settings.BASE_DIR
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"]
PIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(*files: str) -> dict[str, str]:
    """Package -> version, from lines that are no comment and no -r."""
    lines = [line for file in files for line in (ROOT / file).read_text().splitlines() if line and line[0] not in "#-"]
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    return {normal(name): version for name, version in (line.split("==") for line in lines)}


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "scripts" / script), *arguments]
    env = {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT)


class TestPackages:
    def test_every_package_is_pinned_also_those_that_others_bring_along(self):
        constraints = pins("constraints.txt")
        assert pins(*REQUIREMENTS).items() <= constraints.items()
        installed = {normal(package.name): package.version for package in metadata.distributions()}
        tools = {"pip", "setuptools", "wheel"}
        assert {n: v for n, v in installed.items() if n not in tools and constraints.get(n) != v} == {}

    def test_psycopg2_is_the_only_postgresql_driver(self):
        """With psycopg 3 beside it Django would take that one, which is slower here."""
        assert find_spec("psycopg2") is not None
        assert find_spec("psycopg") is None

    def test_the_npm_lock_file_pins_by_hash_and_names_no_registry(self):
        lock = json.loads((ROOT / "package-lock.json").read_text())
        packages = {name: package for name, package in lock["packages"].items() if name}
        assert packages
        assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []
        wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
        assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted

    def test_the_files_that_pages_load_are_there(self):
        missing = [source for source in settings.NODE_FILES.values() if not (settings.NODE_MODULES / source).is_file()]
        assert missing == []


class TestVar:
    def test_git_leaves_it_out(self):
        ignored = (ROOT / ".gitignore").read_text().splitlines()
        assert {"var/", ".venv/", "node_modules/"} <= set(ignored)

    def test_tests_do_not_use_the_real_one(self):
        assert ROOT not in settings.VAR_DIR.parents

    def test_the_secret_key_is_made_once_and_for_the_owner_alone(self, tmp_path):
        write = f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); import set_up; set_up.write_env()"
        keys = set()
        for _ in range(2):
            subprocess.run([sys.executable, "-c", write], env={"VAR_DIR": str(tmp_path / "var")}, check=True)
            keys.add((tmp_path / "var/env").read_text())
        assert len(keys) == 1
        assert re.fullmatch(r"SECRET_KEY=[\w-]{60,}\n", keys.pop())
        assert (tmp_path / "var/env").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


class TestMachine:
    def test_what_is_missing_is_named_with_the_line_to_type(self, tmp_path):
        """A PATH without programs, not even apt: nothing can be installed, so it has to be said."""
        done = run("check_machine.py", "test", PATH=str(tmp_path))
        assert "缺少 Chromium" in done.stdout
        assert re.search(r"^ +sudo apt-get update && sudo apt-get install -y .*\bchromium\b", done.stdout, re.MULTILINE)
        assert done.returncode == 0

    def test_in_ci_nothing_may_be_missing(self, tmp_path):
        assert run("check_machine.py", "test", PATH=str(tmp_path), CI="true").returncode == 1

    @pytest.mark.parametrize("code", [0, 7])
    def test_the_private_postgresql_passes_the_exit_code_on_and_is_gone_afterwards(self, code):
        show = f"import os; print(os.environ['DATABASE_URL']); raise SystemExit({code})"
        done = run("with_postgres.py", sys.executable, "-c", show, PATH=os.environ["PATH"])
        if "没有找到 PostgreSQL" in done.stdout:
            pytest.skip("PostgreSQL's server programs are not installed")
        assert done.returncode == code
        socket_directory = re.fullmatch(r"postgres://tests@/(/.*)/postgres\n", done.stdout)[1]
        assert not Path(socket_directory).exists()


class TestDatabase:
    def test_sqlite_reads_beside_a_writer_and_waits_for_its_turn(self, db):
        if connection.vendor != "sqlite":
            pytest.skip("SQLite's settings")
        with connection.cursor() as cursor:
            values = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "busy_timeout")]
        assert values == ["wal", 20_000]

    def test_models_and_migrations_agree(self, db):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
