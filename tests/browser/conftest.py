"""A real server on a free port; a real browser that notes what it asked for and complained of."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from store.paths import Home
from store.replayed import Day, Replayed, home_of, keep
from tests.dashboard import with_beds
from tests.dashboard.small_england import ENGLAND, write_release

START_TIMEOUT_S = 60
# A machine on which much else runs is slow and not wrong.
expect.set_options(timeout=15_000)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


REPLAYED = Replayed(
    "a-worst-day",
    "Fifteen thousand cases late",
    "A naive store would have believed it.",
    ENGLAND,
    (
        Day(date(2020, 7, 30), "Cases were left out."),
        Day(date(2020, 8, 6), "They came back at once."),
    ),
)


@dataclass
class Visit:
    """One tab: its page, every address it asked for, everything it complained of."""

    page: Page
    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Load a path and wait until its content is there."""
        self.page.goto(self.base + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until heading and charts are drawn and nothing is being fetched."""
        self.page.wait_for_selector("main h1")
        self.page.wait_for_load_state("networkidle")
        graphs = self.page.locator(".dash-graph")
        for i in range(graphs.count()):
            graphs.nth(i).locator(".main-svg").first.wait_for()


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """The system's Chromium where there is one; None lets Playwright use its own."""
    named = os.environ.get("TRIGPOINT_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small England with trusts that report their beds, and a data day that was run again."""
    home = Home(tmp_path_factory.mktemp("served"))
    with_beds.write_release(home.root)
    own = home_of(home, REPLAYED.replay_id)
    write_release(own.root, is_simulated=True, cited=4711.0)
    keep(own, REPLAYED)
    return home


@pytest.fixture(scope="session")
def served(served_home: Home) -> Iterator[str]:
    """The address of a server over that England."""
    yield from serve(served_home.root)


def serve(home: Path) -> Iterator[str]:
    """Run the dashboard as production does, one worker with threads, until the tests are done."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--threads", "8", "--keep-alive", "75", "--preload", "dashboard.app:server"]
    command += ["--worker-class", "dashboard.worker.Worker"]
    environment = os.environ | {
        "TRIGPOINT_HOME": str(home),
        "TRIGPOINT_SIGN_IN": "demonstration",
        "TRIGPOINT_MAIL_DOMAINS": "example.org",
        "TRIGPOINT_WEBHOOK_HOSTS": "hooks.example.org",
    }
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Return once the address answers; fail if the process ends or time runs out."""
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail("the server ended before it answered")
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} did not answer in {START_TIMEOUT_S} s")


@pytest.fixture(scope="session")
def browser(chromium_path: str | None) -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def laptop(browser: Browser) -> Iterator[BrowserContext]:
    """A profile as wide as a laptop; its tabs share what they have loaded, as a reader's do."""
    yield from profile(browser, 1366, 900)


@pytest.fixture(scope="session")
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """The same, 320 px wide: a small phone, or a page at 400% zoom."""
    yield from profile(browser, 320, 640)


def profile(browser: Browser, width: int, height: int) -> Iterator[BrowserContext]:
    """A fresh profile, closed when it is done with."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-GB",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def visit(laptop: BrowserContext, served: str) -> Iterator[Visit]:
    """A new tab on a laptop."""
    yield from tab(laptop, served)


@pytest.fixture
def narrow(phone: BrowserContext, served: str) -> Iterator[Visit]:
    """A new tab on a small phone."""
    yield from tab(phone, served)


@pytest.fixture
def elsewhere(browser: Browser, served: str) -> Iterator[Visit]:
    """A tab in a browser that has never been here."""
    for context in profile(browser, 1366, 900):
        yield from tab(context, served)


def sign_in(context: BrowserContext, base: str, persona: str = "national_leader") -> None:
    """Do what the persona's button does; every server on this machine has the same cookies."""
    told = {"persona": persona}
    context.request.post(f"{base}/sign-in/as", form=told, headers={"Origin": base})


def tab(context: BrowserContext, base: str) -> Iterator[Visit]:
    """A tab of somebody signed in, which listens to requests and complaints from its beginning."""
    sign_in(context, base)
    page = context.new_page()
    opened = Visit(page, base)
    page.on("request", lambda request: opened.requests.append(request.url))
    page.on("pageerror", lambda error: opened.complaints.append(f"page error: {error}"))
    page.on(
        "console",
        lambda said: opened.complaints.append(said.text) if said.type == "error" else None,
    )
    yield opened
    page.close()
