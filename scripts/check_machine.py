"""Names what this machine lacks, with the line to type; as root on Debian or Ubuntu it installs it.

    check_machine.py run     what the program needs
    check_machine.py test    what the tests need on top

Standard library only: it runs before anything is installed. Ends with 1 where work cannot go on: without Python's venv,
and with CI=true without anything on the list.
"""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec

from with_postgres import server_programs

PYTHON = f"python3.{sys.version_info.minor}"
PANGO = ["gobject-2.0", "fontconfig", "harfbuzz", "harfbuzz-subset", "pango-1.0", "pangoft2-1.0"]
# Chromium's names on the systems that have it
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


@dataclass(frozen=True)
class Need:
    """One thing that packages of the system bring: under which names, and what does not work without it."""

    name: str
    without: str
    is_there: Callable[[], bool]
    apt: str
    dnf: str
    vital: bool = False


def has_venv() -> bool:
    importlib.invalidate_caches()
    return find_spec("ensurepip") is not None


RUN = [
    Need("Python 虚拟环境", "无法安装本系统", has_venv, f"{PYTHON}-venv", "python3", vital=True),
    Need(
        "Pango",
        "不能生成 PDF 报告，其余功能不受影响",
        lambda: all(find_library(name) for name in PANGO),
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        "pango",
    ),
]
TEST = [
    Need("Chromium", "浏览器测试不能运行", lambda: any(map(shutil.which, BROWSERS)), "chromium", "chromium"),
    Need("libatomic", "浏览器测试不能运行", lambda: bool(find_library("atomic")), "libatomic1", "libatomic"),
    Need("poppler", "PDF 画面测试不能运行", lambda: bool(shutil.which("pdftoppm")), "poppler-utils", "poppler-utils"),
    Need(
        "LibreOffice",
        "Office 文件转 PDF 的测试不能运行",
        lambda: bool(shutil.which("soffice")),
        "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui",
        "libreoffice-writer libreoffice-calc libreoffice-impress",
    ),
    Need(
        "PostgreSQL 服务端",
        "测试只在 SQLite 上运行",
        lambda: server_programs() is not None,
        "postgresql",
        "postgresql-server",
    ),
]


def missing(needs: list[Need]) -> list[Need]:
    return [need for need in needs if not need.is_there()]


def install(needs: list[Need]) -> None:
    """Install with apt; what fails stays on the list of what is missing, so nothing is raised here."""
    packages = " ".join(need.apt for need in needs).split()
    print(f"正在安装系统软件包：{' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)


def line_to_type(needs: list[Need]) -> str:
    """The command that installs `needs` on this system."""
    if shutil.which("dnf") and not shutil.which("apt-get"):
        return f"sudo dnf install -y {' '.join(need.dnf for need in needs)}"
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(need.apt for need in needs)}"


def main(purpose: str) -> int:
    needs = RUN + TEST if purpose == "test" else RUN
    lacking = missing(needs)
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        install(lacking)
        lacking = missing(needs)
    if not lacking:
        return 0
    for need in lacking:
        print(f"缺少 {need.name}：{need.without}。")
    print(f"安装请输入：\n\n    {line_to_type(lacking)}\n")
    return int(any(need.vital for need in lacking) or os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
