"""Runs a command with DATABASE_URL at a PostgreSQL cluster of its own, which is gone afterwards.

    with_postgres.py COMMAND [ARGUMENT ...]

Ends with the command's own exit code. Where PostgreSQL's server programs are not installed it says so and ends with 0;
with CI=true that is a failure. Standard library only.
"""

import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

# A cluster for one run: it need not outlive a power cut, and is reached through its socket alone.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=4GB "
    "-c unix_socket_directories={directory}"
)


def server_programs() -> Path | None:
    """The directory that holds initdb and pg_ctl, or None: distributions keep it off the PATH."""
    places = glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")
    if pg_config := shutil.which("pg_config"):
        places.insert(0, subprocess.run([pg_config, "--bindir"], capture_output=True, text=True).stdout.strip())
    if initdb := shutil.which("initdb"):
        places.append(str(Path(initdb).resolve().parent))
    return next((Path(p) for p in places if all(os.access(Path(p, n), os.X_OK) for n in ("initdb", "pg_ctl"))), None)


@contextmanager
def cluster(programs: Path):
    """Start a new cluster; gives the DATABASE_URL of its database. Stopped and deleted however the block ends."""
    # Not below $TMPDIR: a socket's path may have 107 characters only.
    directory = tempfile.mkdtemp(prefix="tcm-demo-postgres-", dir="/tmp")
    data = f"{directory}/data"
    # PostgreSQL refuses to run as root.
    as_owner = []
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]

    def call(program: str, *arguments: str) -> None:
        command = [*as_owner, str(programs / program), *arguments]
        done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"{program} 失败：\n{done.stdout}")

    try:
        call("initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = OPTIONS.format(directory=directory)
        call("pg_ctl", "start", "-w", "-D", data, "-l", f"{directory}/log", "-o", options)
        try:
            yield f"postgres://tests@/{directory}/postgres"
        finally:
            call("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(directory)


def main(command: list[str]) -> int:
    programs = server_programs()
    if programs is None:
        print("没有找到 PostgreSQL 服务端程序，跳过 PostgreSQL 上的测试。")
        return int(os.environ.get("CI") == "true")
    # So that a `kill` also runs the clean-up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(programs) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
