"""The note that goes with an export: what the rows mean, for whoever is handed the file alone."""

from collections.abc import Sequence
from textwrap import fill

from store import dictionary
from store.exporting.marks import MEANINGS
from store.exporting.wanted import FIGURES, WHAT, Wanted
from store.moments import now, written
from store.reader import Reader
from store.release_package import METRICS, SOURCES, metric, source

WIDTH = 90
# Columns of an export of figures that no table has.
OWN = {
    "flag": "provisional, revised, hidden, not available or not applicable; see the marks.",
    "area_name": "The name of the area.",
    "metric_name": "The name of the measure.",
    "unit": "What one is, in which value is counted.",
}
SDMX = (
    "The structure is Trigpoint's own: FREQ, METRIC, REF_AREA, STRATUM and TIME_PERIOD name an "
    "observation. OBS_STATUS and CONF_STATUS are codes of SDMX: A normal, P provisional, Q missing "
    "and suppressed, O missing, L not collected, M cannot exist; F free, C confidential, N not for "
    "publication. Weeks of publishers are no ISO weeks, so they are spans: 2020-07-25/P7D."
)


def note(
    wanted: Wanted, reader: Reader, name: str, columns: Sequence[str], rows: int, sha256: str
) -> str:
    """Plain text: what was taken, definitions, columns, marks, publishers, and how to cite it."""
    sections = {
        "What this is": _facts(wanted, reader, name, rows, sha256),
        "What is counted": _definitions(wanted, reader),
        "Columns": [SDMX] if wanted.form == "sdmx" else _columns(wanted, columns),
        "Marks": [f"[{mark}] {meaning}" for mark, meaning in MEANINGS.items()],
        "Publishers and licences": _sources(reader),
        "Cite it": _citation(reader, name),
    }
    parts = [f"{title}\n{'-' * len(title)}\n{_lines(said)}" for title, said in sections.items()]
    return "\n\n".join([f"Trigpoint export: {name}", *parts]) + "\n"


def _facts(wanted: Wanted, reader: Reader, name: str, rows: int, sha256: str) -> list[str]:
    release = reader.release
    dates = f"{wanted.start or 'the first day'} to {wanted.end or 'the last'}"
    invented = ["Simulated England: invented numbers."] if release.is_simulated else []
    return [
        *invented,
        f"Rows: {WHAT[wanted.what]}; {rows:,}",
        f"Measure: {wanted.metric_id or 'all'}. Area: {wanted.area_id or 'all'}. Days: {dates}.",
        f"As known at: {written(wanted.as_of) if wanted.as_of else 'publication of the release'}",
        f"Release: {release.release_id}, published {written(release.released_at)} UTC",
        _shown_to(reader),
        f"SHA-256 of {name}: {sha256}",
        f"Written: {now():%Y-%m-%d %H:%M} UTC. All times are UTC.",
    ]


def _shown_to(reader: Reader) -> str:
    if reader.exact is None:
        return "Every figure is as everybody may see it, after disclosure control."
    return (
        f"Figures within {reader.viewer.scope} are exact and for you alone: do not pass them on. "
        "All others are as everybody may see them, after disclosure control."
    )


def _definitions(wanted: Wanted, reader: Reader) -> list[str]:
    rows = reader.ask(METRICS).to_dicts()
    chosen = [row for row in rows if wanted.metric_id in {None, row["metric_id"]}]
    return [metric(row).replace("*", "") for row in chosen]


def _columns(wanted: Wanted, columns: Sequence[str]) -> list[str]:
    described = dictionary.columns(wanted.what)
    own = OWN if wanted.what == FIGURES else {}
    return [
        f"{name}: {own.get(name) or (described[name].meaning if name in described else '')}"
        for name in columns
    ]


def _sources(reader: Reader) -> list[str]:
    said = [source(row) for row in reader.ask(SOURCES).to_dicts()]
    return [
        *said,
        "- A source may be used until its agreement ends; take a copy away that holds it then.",
    ]


def _citation(reader: Reader, name: str) -> list[str]:
    release_id = reader.release.release_id
    return [
        f"The file: Trigpoint, release {release_id}, {name}.",
        f"One figure: TP-<figure_id>-{release_id}; Trigpoint opens it at /cite/<citation>.",
    ]


def _lines(said: Sequence[str]) -> str:
    return "\n".join(
        fill(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
        for line in said
    )
