"""Taking the pictures of one home: every role, every page that it may open, every fault on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page

from people.personas import Persona, personas
from store.paths import Home
from tests.browser.conftest import serve, sign_in
from tests.pictures.faults import faults, too_wide
from tests.pictures.filled import Data
from tests.pictures.sheet import Taken
from tests.pictures.tour import LAPTOP, Picture, subjects, tour
from tests.pictures.written import write_down

PATIENCE_MS = 90_000
served = contextmanager(serve)


@dataclass(frozen=True)
class Wanted:
    """Which pictures of the tour to take: those of a role, those whose name begins so; else all."""

    role: str = ""
    beginning: str = ""


def take(browser: Browser, data: Data, home: Path, folder: Path, wanted: Wanted) -> Iterator[Taken]:
    """The wanted pictures of a home, one after the other."""
    shown = {one.id: subjects(Home(home), one) for one in personas().values()}
    with served(home) as base:
        if data.is_invented:
            write_down(browser, base, shown["local_official"].figure)
        for persona in personas().values():
            if wanted.role in {"", persona.role}:
                pictures = tour(persona, shown[persona.id], is_replayed=data.is_invented)
                some = [one for one in pictures if one.name.startswith(wanted.beginning)]
                into = folder / data.name / persona.id
                yield from _of_persona(browser, base, persona, some, into)


def _of_persona(
    browser: Browser, base: str, persona: Persona, pictures: list[Picture], into: Path
) -> Iterator[Taken]:
    into.mkdir(parents=True, exist_ok=True)
    with _profile(browser, base, persona) as context:
        for picture in pictures:
            path = into / f"{picture.name}.png"
            found = _take(context, base, picture, path)
            yield Taken(into.parent.name, persona.id, picture.name, path, found)


@contextmanager
def _profile(browser: Browser, base: str, persona: Persona) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": LAPTOP[0], "height": LAPTOP[1]}, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context, base, persona.id)
    yield context
    context.close()


def _take(context: BrowserContext, base: str, picture: Picture, path: Path) -> list[str]:
    """Take one picture and say what is wrong on it; one that cannot be taken is wrong too."""
    if picture.is_file:
        answer = context.request.get(base + picture.path)
        if not answer.ok:
            return [f"{picture.path} answers {answer.status}"]
        path.write_bytes(answer.body())
        return []
    page = context.new_page()
    try:
        return _look(page, base, picture, path)
    except Error as fault:
        return [f"no picture could be taken: {str(fault).splitlines()[0]}"]
    finally:
        page.close()


def _look(page: Page, base: str, picture: Picture, path: Path) -> list[str]:
    complaints: list[str] = []
    page.on("pageerror", lambda fault: complaints.append(f"the browser complains: {fault}"))
    width, height = picture.size
    page.set_viewport_size({"width": width, "height": height})
    page.goto(base + picture.path)
    page.wait_for_selector(picture.waits_for)
    settle(page)
    page.screenshot(path=path, full_page=picture.is_whole_page)
    # A page is drawn anew at every width, so that is done where it is shown on a laptop.
    is_tried = picture.size == LAPTOP and picture.is_whole_page
    return [*complaints, *faults(page), *(too_wide(page) if is_tried else [])]


def settle(page: Page) -> None:
    """Wait until charts are drawn, letters are there and nothing is being fetched."""
    page.wait_for_load_state("networkidle")
    graphs = page.locator("main .dash-graph")
    for place in range(graphs.count()):
        graphs.nth(place).locator(".main-svg").first.wait_for()
    page.evaluate("document.fonts.ready.then(() => true)")
