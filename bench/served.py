"""A server as an operator starts it, and somebody signed in who asks it as a page of ours does."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import requests

from bench.cost import HOUSE

PATIENCE_S = 60
COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]
SERVED = ("serve", "--sign-in", "demonstration")
CALLBACKS = "/_dash-update-component"


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of the dashboard over a home, from its first answer on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*COMMAND, *SERVED, "--home", str(home), "--port", str(port)],
        cwd=HOUSE,
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE_S:
        try:
            requests.get(f"{address}/health", timeout=PATIENCE_S)
            return
        except requests.ConnectionError:
            time.sleep(0.02)
    sys.exit(f"no page within {PATIENCE_S} s")


class Asker:
    """A persona who pressed its button, and goes on from there."""

    def __init__(self, address: str, persona: str = "national_leader") -> None:
        self.address, self.session = address, requests.Session()
        self.session.headers["Origin"] = address
        self.session.post(
            f"{address}/sign-in/as",
            {"persona": persona},
            allow_redirects=False,
            timeout=PATIENCE_S,
        )
        form = next(one.value for one in self.session.cookies if one.name == "trigpoint_form")
        self.session.headers["X-Trigpoint-Form"] = form or ""
        callbacks = self.get("/_dash-dependencies").json()
        self._fills = next(one for one in callbacks if "_pages_content" in one["output"])

    def get(self, path: str) -> requests.Response:
        """Any address, which has to be answered."""
        answer = self.session.get(self.address + path, timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer

    def page(self, path: str, search: str = "") -> requests.Response:
        """The callback that fills a page, as the browser sends it when the address changes."""
        answer = self.session.post(
            self.address + CALLBACKS, json=self._located(path, search), timeout=PATIENCE_S
        )
        answer.raise_for_status()
        return answer

    def _located(self, path: str, search: str) -> dict[str, Any]:
        values = {"pathname": path, "search": search}
        given = [{**part, "value": values[part["property"]]} for part in self._fills["inputs"]]
        outputs = [
            dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
            for part in self._fills["output"].strip(".").split("...")
        ]
        return {
            "output": self._fills["output"],
            "outputs": outputs,
            "inputs": given,
            "changedPropIds": [f"{part['id']}.{part['property']}" for part in given],
            "state": [{**part, "value": ""} for part in self._fills["state"]],
        }
