"""Brings .venv, node_modules and var/env to what the pinned files say.

    set_up.py [--dev]     --dev: with what the tests, the linter and the bench need

Each part leaves a stamp with the hash of the files it came from, so that a second run takes no time. Standard library
only: it runs before anything is installed.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
# The first npm that reads a lock file of version 3
NPM_MAJOR = 7


def digest(*names: str) -> str:
    """One hash over files of the project."""
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def is_current(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


def call(command: list, failure: str) -> None:
    """Run a command in the project's directory; if it fails, end with a sentence for people."""
    if subprocess.run([str(part) for part in command], cwd=ROOT).returncode:
        raise SystemExit(f"\n{failure}")


def pip_install(requirements: str) -> None:
    call(
        [PYTHON, "-m", "pip", "install", "--quiet", "-r", requirements, "-c", "constraints.txt"],
        "Python 软件包没有装上。请检查网络或本机 pip 的镜像设置（pip config list），然后重新运行。",
    )


def make_venv() -> None:
    """A .venv that works: one that a newer Python was slipped under does not even have its pip."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:
        return
    print("建立 Python 虚拟环境 .venv …", flush=True)
    call([sys.executable, "-m", "venv", "--clear", VENV], "虚拟环境没有建成，请安装 python3-venv 后重新运行。")


def install_python(dev: bool) -> None:
    run_stamp, dev_stamp = VENV / "installed-run", VENV / "installed-dev"
    run_digest = digest("requirements.txt", "constraints.txt")
    dev_digest = digest("requirements.txt", "requirements-dev.txt", "constraints.txt")
    if is_current(dev_stamp, dev_digest) or (not dev and is_current(run_stamp, run_digest)):
        return
    print("安装 Python 软件包（首次约 1 分钟）…", flush=True)
    pip_install("requirements-dev.txt" if dev else "requirements.txt")
    run_stamp.write_text(run_digest)
    if dev:
        dev_stamp.write_text(dev_digest)


def npm() -> str:
    """An npm that reads our lock file: the machine's own, else one that comes from PyPI into .venv."""
    found = shutil.which("npm")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
        if version.split(".")[0].isdigit() and int(version.split(".")[0]) >= NPM_MAJOR:
            return found
    if not (VENV / "bin/npm").exists():
        print("本机没有可用的 Node.js，安装一份到 .venv …", flush=True)
        pip_install("requirements-node.txt")
    return str(VENV / "bin/npm")


def install_front_end() -> None:
    stamp, value = ROOT / "node_modules/.installed", digest("package.json", "package-lock.json")
    if is_current(stamp, value):
        return
    command = npm()
    print("安装前端软件包和字体 …", flush=True)
    call(
        [command, "ci", "--ignore-scripts", "--loglevel=error"],
        "前端软件包没有装上。请检查网络或本机 npm 的镜像设置（npm config list），然后重新运行。",
    )
    stamp.write_text(value)


def write_env() -> None:
    """A secret key of this installation's own, made once."""
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = VAR / "env"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\n")


def main(dev: bool) -> None:
    make_venv()
    install_python(dev)
    install_front_end()
    write_env()


if __name__ == "__main__":
    main("--dev" in sys.argv[1:])
