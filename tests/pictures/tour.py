"""Which pictures there are: every page that a role may open, and some of its states and widths."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from people.exits import ruled
from people.personas import Persona
from store.paths import Home
from store.reader import Reader, open_reader
from tests.pictures.filled import REPLAY

LAPTOP, PHONE, TABLET, WALL = (1366, 900), (390, 844), (768, 1024), (1920, 1080)
MADE_FOR = {
    "today": "national_leader",
    "standup": "operations",
    "area": "local_official",
    "figure": "analyst",
    "sources": "engineer",
}
ENGLAND, LEICESTER = "E92000001", "E06000016"


@dataclass(frozen=True)
class Picture:
    """One picture of one role: where it is taken, how wide, and which exit leads there.

    `waits_for` is what has to be on the page before it is drawn; a file is taken as it comes.
    """

    name: str
    path: str
    way: str
    size: tuple[int, int] = LAPTOP
    waits_for: str = "main h1"
    is_whole_page: bool = True
    is_file: bool = False

    def on(self, size: tuple[int, int]) -> "Picture":
        """The same on another width, which its name then says."""
        return replace(self, name=f"{self.name}-{size[0]}", size=size)


@dataclass(frozen=True)
class Subjects:
    """What is shown of a release where a page is about one thing: the most telling one there is."""

    figure: str
    source: str
    area: str


def subjects(home: Home, persona: Persona) -> Subjects:
    """A figure about which sources disagree, in the persona's own place, a source, and an area."""
    with open_reader(home) as reader:
        area = persona.scope if persona.role == "local_official" else LEICESTER
        return Subjects(_disputed(reader, persona.scope), _troubled(reader), area)


def _disputed(reader: Reader, area: str) -> str:
    """The figure of a place with most versions, sources that disagree first."""
    found = reader.ask(
        "select figures.figure_id from figures inner join figure_versions using (figure_id) "
        "inner join metrics on figures.metric_id = metrics.metric_id "
        "where figures.area_id = $area and metrics.grain = 'day' and figures.value > 0 "
        "and figures.stratum_id = 'all' and metrics.cumulative_of is null "
        "group by figures.figure_id, figures.status, figures.sources_reporting "
        "order by figures.status = 'disputed' desc, figures.sources_reporting desc, "
        "count(*) desc, figures.figure_id limit 1",
        area=area,
    )
    return str(found.item())


def _troubled(reader: Reader) -> str:
    """The source with most rows in quarantine, else the one with most files."""
    found = reader.ask(
        "select source_id from arrivals group by source_id "
        "order by sum(rows_quarantined) desc, count(*) desc, source_id limit 1"
    )
    return str(found.item())


def tour(persona: Persona, shown: Subjects, *, is_replayed: bool) -> list[Picture]:
    """Every picture of a persona, in the order of the pages."""
    every = [*_pages(persona, shown), *_states(persona, shown), *_narrow(persona, shown)]
    if is_replayed:
        every.append(_replay())
    return [one for one in every if ruled()[one.way].is_open_to(persona.role)]


def _pages(persona: Persona, shown: Subjects) -> Iterator[Picture]:
    yield Picture("today", "/", "page.today")
    yield Picture("standup", "/standup", "page.standup")
    yield Picture("areas", "/areas", "page.areas")
    yield Picture("area", f"/areas/{shown.area}", "page.area")
    yield Picture("figure", f"/figure/{shown.figure}", "page.figure")
    yield Picture("sources", "/sources", "page.sources")
    yield Picture("source", f"/sources/{shown.source}", "page.source")
    yield Picture("conflicts", "/sources/conflicts", "page.conflicts")
    yield Picture("releases", "/sources/releases", "page.releases")
    yield Picture("governance", "/governance", "page.governance")
    yield Picture("your_record", "/your-record", "page.your_record")
    yield Picture("problems", "/problems", "page.problems")
    yield Picture("subscriptions", "/subscriptions", "page.subscriptions")
    yield Picture("workspace", "/workspace", "page.workspace")
    yield Picture("exports", "/exports", "page.exports")
    yield Picture("catalogue", "/catalogue", "page.catalogue")
    measure = "/catalogue/metrics/cases_by_specimen_date"
    yield Picture("catalogue_metric", measure, "page.catalogue")
    yield Picture("catalogue_table", "/catalogue/tables/figures", "page.catalogue")
    yield Picture("catalogue_column", "/catalogue/columns/figures.value", "page.catalogue")
    yield Picture("not_found_404", "/nothing-here", "page.none")


def _states(persona: Persona, shown: Subjects) -> Iterator[Picture]:
    yield Picture(
        "drawer",
        f"/?figure={shown.figure}",
        "page.today",
        waits_for="#drawer[open] table",
        is_whole_page=False,
    )
    wall = f"/standup?area={persona.scope}&view=screen"
    yield Picture("wall", wall, "page.standup", WALL, is_whole_page=False)
    yield Picture(
        "paper", f"/files/today.png?area={persona.scope}", "export.today_png", is_file=True
    )
    yield Picture("reporting", f"/problems?problem={shown.figure}", "page.problems")
    yield Picture("catalogue_search", "/catalogue?find=people+in+hospital", "page.catalogue")
    yield Picture("past", "/?as_of=2020-04-15", "page.today")


def _narrow(persona: Persona, shown: Subjects) -> Iterator[Picture]:
    """Phones are for everybody; a page on a tablet and on a wall, for whom it is made."""
    for one in _pages(persona, shown):
        if one.name in MADE_FOR:
            yield one.on(PHONE)
        if MADE_FOR.get(one.name) == persona.role:
            yield one.on(TABLET)
            yield one.on(WALL)


def _replay() -> Picture:
    path = f"/?replay={REPLAY}&area={ENGLAND}&as_of=2020-07-02"
    return Picture("replay", path, "page.today", waits_for=".band.replay .clock")
