"""The server that `make run` starts; PORT comes from the environment."""

import os
import socket
import sys
from pathlib import Path

VAR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent / "var")
PORT = int(os.environ.get("PORT") or 8000)

bind = f"0.0.0.0:{PORT}"
# The database, uploads and exports are for the account that runs this alone.
umask = 0o077
# Threads, so that pages are served while others wait for a database or send a file; two processes, so that they are
# also served while one computes. At most half of the threads receive what is large, none waits for what is slow.
workers = 2
threads = 16
worker_class = "tcm_demo.slow_clients.Worker"
timeout = graceful_timeout = 60
# Only what goes wrong; and no socket for remote control in somebody's home directory.
loglevel = "warning"
control_socket_disable = True


def on_starting(server) -> None:
    """Say in one sentence that the port is taken, before the server tries it five times."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", PORT))
        except OSError as error:
            sys.exit(f"\n不能使用端口 {PORT}（{error.strerror}）。换一个端口：make run PORT={PORT + 1}\n")


def when_ready(server) -> None:
    """Print where to go and who to sign in as."""
    print(f"\n系统已启动，请用浏览器打开  http://127.0.0.1:{PORT}/\n局域网内其他电脑打开  http://本机地址:{PORT}/\n")
    accounts = VAR / "demo-accounts.txt"
    if accounts.is_file():
        print(accounts.read_text(encoding="utf-8"))
    print("按 Ctrl+C 停止。\n", flush=True)
