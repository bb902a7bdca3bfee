"""What readers wait for: `python -m bench.pages --home HOME`, where HOME has a release.

A first and a second visit in a real browser (bytes over the wire, milliseconds to headline and
chart), every page asked for in turn, then fifty readers at once. Budgets are those of the design.
"""

import argparse
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.served import Asker, served
from store import releases
from store.paths import Home
from store.reader import open_reader

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
HEADLINE, CHART = "main h1, main .figure", "main .dash-graph .main-svg"
READERS, PAGES_EACH = 50, 10
IN_WORDS = "| pages | measured | budget |\n|---|---|---|"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--rounds", type=int, default=20)
    home = options.parse_args().home.resolve()
    rounds = options.parse_args().rounds
    print(IN_WORDS)
    start = time.perf_counter()
    with served(home) as address:
        _row("start to first answer", f"{time.perf_counter() - start:.1f} s", "4 s")
        _visits(address)
        asked = pages(Home(home))
        _each(Asker(address), asked, rounds)
        _at_once(address, asked)


def pages(home: Home) -> list[tuple[str, str]]:
    """Addresses of every kind of page, those of areas and figures from the release itself."""
    with open_reader(home) as reader:
        asked = "select area_id from figures group by area_id order by hash(area_id) limit 8"
        areas = reader.ask(asked)["area_id"].to_list()
        asked = "select figure_id from figures order by hash(figure_id) limit 8"
        figures = reader.ask(asked)["figure_id"].to_list()
    known = [("/", ""), ("/areas", ""), ("/standup", ""), ("/sources", "")]
    found = [(f"/areas/{area}", "") for area in areas]
    found += [(f"/figure/{figure}", "") for figure in figures]
    past = f"?as_of={releases.current(home).released_at:%Y-%m-%d}"
    return [*known, *found, ("/", past), (f"/areas/{areas[0]}", past)]


def _visits(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        context = browser.new_context(viewport={"width": 1366, "height": 900})
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        weighed, waited = _weighed(context, page, lambda: _press(page))
        _row("first visit over the wire", f"{weighed / 1e6:.2f} MB", "1.2 MB")
        _row("first visit to headline / chart", _in_ms(waited), "2,000 / 2,500 ms")
        again = [_weighed(context, page, page.reload) for _ in range(5)]
        _row("second visit over the wire", f"{again[-1][0] / 1e3:.0f} KB", "60 KB")
        middle = sorted(again, key=lambda one: one[1][0])[2][1]
        _row("second visit to headline / chart", _in_ms(middle), "1,200 ms")
        browser.close()


def _press(page: Page) -> None:
    page.get_by_role("button", name="National leader").first.click()


def _weighed(
    context: BrowserContext, page: Page, act: Callable[[], Any]
) -> tuple[int, tuple[float, float]]:
    """Bytes that came over the wire, and milliseconds to headline and chart."""
    weights: list[int] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
    start = time.perf_counter()
    act()
    waited = []
    for part in (HEADLINE, CHART):
        page.wait_for_selector(part)
        waited.append((time.perf_counter() - start) * 1000)
    page.wait_for_load_state("networkidle")
    wire.detach()
    return sum(weights), (waited[0], waited[1])


def _each(asker: Asker, asked: Sequence[tuple[str, str]], rounds: int) -> None:
    taken = [_timed(asker, one) for _ in range(rounds) for one in asked]
    _row("a page's callback, median / 95%", _spread(taken), "100 / 250 ms")


def _at_once(address: str, asked: Sequence[tuple[str, str]]) -> None:
    """Fifty readers who each signed in and open ten pages, all at the same time."""
    with ThreadPoolExecutor(READERS) as readers:
        askers = list(readers.map(lambda _: Asker(address), range(READERS)))
        start = time.perf_counter()
        given = list(readers.map(lambda n: _reads(askers[n], asked, n), range(READERS)))
        seconds = time.perf_counter() - start
    taken = [one for each, _ in given for one in each]
    failed = sum(faults for _, faults in given)
    _row(f"{READERS} readers, {PAGES_EACH} pages each: errors", f"{failed}", "0")
    _row("their pages, median / 95%", _spread(taken), "")
    _row("pages a second", f"{len(taken) / seconds:.0f}", "")


def _reads(asker: Asker, asked: Sequence[tuple[str, str]], number: int) -> tuple[list[float], int]:
    taken, failed = [], 0
    for place in range(PAGES_EACH):
        try:
            taken.append(_timed(asker, asked[(number + place) % len(asked)]))
        except OSError:
            failed += 1
    return taken, failed


def _timed(asker: Asker, one: tuple[str, str]) -> float:
    start = time.perf_counter()
    asker.page(*one)
    return (time.perf_counter() - start) * 1000


def _spread(taken: list[float]) -> str:
    return f"{median(taken):.0f} / {sorted(taken)[int(len(taken) * 0.95)]:.0f} ms"


def _in_ms(waited: tuple[float, float]) -> str:
    return " / ".join(f"{one:,.0f}" for one in waited) + " ms"


def _row(what: str, measured: str, budget: str) -> None:
    print(f"| {what} | {measured} | {budget} |", flush=True)


if __name__ == "__main__":
    main()
