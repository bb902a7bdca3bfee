"""The server as `trigpoint serve` starts it: the first page of all, and its end."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

from dashboard.worker import GRACE_S
from tests.dashboard.signed_in import signed_in

ROOT = Path(__file__).parents[2]
STARTS = 3
START_TIMEOUT_S = 60
SLACK_S = 3.0


@contextmanager
def served(home: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Process and port of a server that listens and has been asked nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve"]
    process = subprocess.Popen(
        [*command, "--home", str(home), "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_listening(port)
        yield process, port
    finally:
        process.kill()
        process.wait()


def wait_until_listening(port: int) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"nothing listened within {START_TIMEOUT_S} s")


def status(port: int, path: str, cookie: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def session_of(port: int) -> str:
    """The cookie of somebody who signs in at this server."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    told = {
        "Origin": f"http://127.0.0.1:{port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/sign-in/as", body="persona=national_leader", headers=told)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303
    brought = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return next(value.split(";")[0] for value in brought if value.startswith("trigpoint="))


def test_the_scripts_of_the_first_page_of_all_are_there_when_fetched_at_once(home: Path):
    page = signed_in().get("/").get_data(as_text=True)
    scripts = re.findall(r'src="(/_dash-component-suites[^"]+)"', page) * 2
    assert len(scripts) > 10
    for _ in range(STARTS):
        with served(home) as (_, port), ThreadPoolExecutor(len(scripts)) as browsers:
            asked = partial(status, port, cookie=session_of(port))
            found = list(browsers.map(asked, scripts))
        assert found == [200] * len(scripts)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("silent_for", [0.3, 6.0])
def test_the_server_stops_soon_and_quietly_though_browsers_hold_connections(
    home: Path, told: signal.Signals, silent_for: float
):
    with served(home) as (process, port):
        kept = HTTPConnection("127.0.0.1", port)
        kept.request("GET", "/health")
        kept.getresponse().read()
        ahead_of_use = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
        # After five seconds gunicorn sets a silent connection aside, which it stops otherwise.
        time.sleep(silent_for)
        process.send_signal(told)
        _, said = process.communicate(timeout=GRACE_S + SLACK_S)
        for connection in ahead_of_use:
            connection.close()
    assert said == ""
