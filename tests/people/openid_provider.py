"""A real OpenID Connect provider as a process of its own: npm's oidc-provider."""

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

FOLDER = Path(__file__).parent / "provider"
CLIENT = "trigpoint"
SECRET = "a-secret-of-the-tests-with-48-characters-9f3b71c0"
PEOPLE = {
    "ada": {"name": "Ada Bell", "groups": ["staff", "trigpoint-leaders"]},
    "bo": {"name": "Bo Cole", "groups": ["trigpoint-local"], "area": "E06000016"},
    "cy": {"name": "Cy Dunn", "groups": ["staff"]},
}


@dataclass
class OpenIdProvider:
    """The provider on one port; `again` starts it anew with another key, as a rotation does."""

    port: int
    back: str
    kid: str = "first"
    people: dict[str, dict[str, object]] = field(default_factory=lambda: dict(PEOPLE))

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[None]:
        node = shutil.which("node")
        if node is None:
            pytest.fail("there is no node: run tests/people/find_provider.sh")
        told = {
            "port": self.port,
            "kid": self.kid,
            "people": self.people,
            "claims": {"openid": ["sub"], "profile": ["name", "groups", "area"]},
            "client": {
                "client_id": CLIENT,
                "client_secret": SECRET,
                "redirect_uris": [self.back],
            },
        }
        process = subprocess.Popen(
            [node, "provider.mjs"],
            cwd=FOLDER,
            env=os.environ | {"PROVIDER": json.dumps(told)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert process.stdout is not None
            said: list[str] = []
            while not any("listening" in line for line in said):
                line = process.stdout.readline()
                if not line:
                    pytest.fail(f"the provider did not start: {''.join(said)}")
                said.append(line)
            yield
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def through(browser: requests.Session, address: str, person: str) -> requests.Response:
    """Go to an address and fill in what the provider asks, as a person does."""
    page = browser.get(address, timeout=30)
    for _ in range(3):
        form = re.search(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page.text, re.DOTALL)
        if form is None or "interaction" not in form.group(1):
            return page
        hidden = re.findall(r'name="(\w+)" value="([^"]*)"', form.group(2))
        answers = dict(hidden) | {"login": person, "password": "any"}
        page = browser.post(urljoin(page.url, unescape(form.group(1))), data=answers, timeout=30)
    return page
