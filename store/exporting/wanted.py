"""What somebody wants to take away: which rows, at which moment, in which form."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from store.errors import WrongUse
from store.exporting import sdmx
from store.exporting.marks import said
from store.reader import Reader

FIGURES, WHOLE = "figures", "release"
# What can be taken, and how a page calls it.
WHAT = {
    FIGURES: "Figures, with their names, flags and units",
    "claims": "What each source said (claims)",
    "figure_versions": "Every version of the figures",
    WHOLE: "The whole release, as everybody may see it",
}
# The forms, and how a page calls them.
FORMS = {
    "csv": "CSV (spreadsheets)",
    "parquet": "Parquet (R, Python, DuckDB)",
    "sdmx": "SDMX-CSV 2.0 (statistical exchange)",
}
SUFFIX = {"csv": "csv", "parquet": "parquet", "sdmx": "sdmx.csv"}
# A figure as a file for people begins with area, date, value and flag.
FIGURE_COLUMNS = """
    figures.area_id, areas.area_name, figures.event_date, figures.value, {flag} as flag,
    figures.metric_id, metrics.metric_name, metrics.unit,
    figures.* exclude (area_id, event_date, value, metric_id)
"""


@dataclass(frozen=True)
class Wanted:
    """One export: a kind of rows in a form, of a release, perhaps as known at a past moment.

    Without a metric or an area it is all of them. Raises `WrongUse` for what cannot be had.
    """

    what: str
    form: str
    release_id: str
    as_of: datetime | None = None
    metric_id: str | None = None
    area_id: str | None = None
    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.what not in WHAT or self.form not in FORMS:
            raise WrongUse("choose what to take away, and its form, from the lists")
        if self.form == "sdmx" and self.what != FIGURES:
            raise WrongUse("SDMX-CSV holds figures only; choose figures, or another form")
        if self.what == WHOLE and (self.form != "parquet" or self.is_chosen or self.as_of):
            raise WrongUse(
                "the whole release is Parquet, of every measure, area and day and as it is now; "
                "choose Parquet and nothing else, or other rows"
            )

    @property
    def is_chosen(self) -> bool:
        """Whether it is less than all rows."""
        return any((self.metric_id, self.area_id, self.start, self.end))

    def to_json(self) -> dict[str, Any]:
        """Its fields as JSON takes them; days and times as ISO text."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Wanted":
        """The same from its JSON."""
        as_of = content["as_of"] and datetime.fromisoformat(content["as_of"])
        days = {name: content[name] and date.fromisoformat(content[name]) for name in DAYS}
        return cls(**content | days | {"as_of": as_of})


DAYS = ("start", "end")


def statement(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The question that gives its rows, and the parameters of it.

    Rows come in the order in which they lie in the release, because to sort millions takes memory.
    """
    chosen = {
        "metric_id = $metric_id": wanted.metric_id,
        "area_id = $area_id": wanted.area_id,
        "event_date >= $start": wanted.start,
        "event_date <= $end": wanted.end,
    }
    conditions = [f"{wanted.what}.{text}" for text, value in chosen.items() if value is not None]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    values = {text.rsplit("$", 1)[1]: value for text, value in chosen.items() if value is not None}
    return f"{_selected(wanted)}{where}", values


def counted(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The question how many rows that is."""
    sql, values = statement(wanted)
    return f"select count(*) as rows from ({sql})", values


def _selected(wanted: Wanted) -> str:
    if wanted.what != FIGURES:
        return f"select * from {wanted.what}"
    flagged = FIGURE_COLUMNS.format(flag=said("flag"))
    columns = sdmx.columns() if wanted.form == "sdmx" else flagged
    return (
        f"select {columns} from figures left join metrics on figures.metric_id = metrics.metric_id "
        "left join areas on figures.area_id = areas.area_id"
    )


def file_name(wanted: Wanted, reader: Reader) -> str:
    """A name that says measure, area, moment and release, whatever folder the file ends up in."""
    release = reader.release
    if wanted.what == WHOLE:
        return f"trigpoint_release-{release.release_id}.zip"
    as_of = wanted.as_of or release.released_at
    parts = [
        *([] if wanted.what == FIGURES else [wanted.what]),
        wanted.metric_id or "all-measures",
        wanted.area_id or "all-areas",
        *([f"{wanted.start or 'begin'}-to-{wanted.end or 'end'}"] if _has_dates(wanted) else []),
        f"as-of-{as_of:%Y-%m-%dT%H%M}",
        f"release-{release.release_id}",
    ]
    return f"{'_'.join(parts)}.{SUFFIX[wanted.form]}"


def _has_dates(wanted: Wanted) -> bool:
    return bool(wanted.start or wanted.end)
