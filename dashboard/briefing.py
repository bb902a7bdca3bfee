"""What Today is made of, asked once: the page and the sheet of paper show the same answers."""

from dataclasses import dataclass
from typing import Any

from dashboard import looking, spoken
from dashboard.queries import breakers, disagreements, headlines, reference
from dashboard.queries import sources as arrived
from dashboard.queries.special_causes import judged
from dashboard.seen import Seen

RUN = 42
Row = dict[str, Any]


@dataclass(frozen=True)
class Briefing:
    """One area at one moment.

    `heads` are its headline figures and `runs` the settled values up to each, by measure; `told`
    are the sentences about them. `disputes` holds a row a measure and other source, `counts` how
    many figures are disputed and explained, `sources` each source's state, `held` files held.
    """

    area: Row
    heads: list[Row]
    runs: dict[str, list[float | None]]
    told: list[spoken.Sentence]
    disputes: list[Row]
    counts: dict[str, int]
    sources: list[Row]
    held: list[Row]


def area_of(seen: Seen) -> Row | None:
    """The area asked for, else that of whoever looks; None where the release does not know it."""
    return reference.area(seen.reader, seen.asked.area or looking.own_area())


def brief(seen: Seen, area: Row) -> Briefing:
    """Everything that is said of an area before anybody chooses a measure."""
    code = area["area_id"]
    heads = headlines.headlines(seen.reader, code).to_dicts()
    metrics = [row["metric_id"] for row in heads]
    disputes = disagreements.disagreements(seen.reader, code).to_dicts()
    counts = disagreements.counts(seen.reader, code)
    sources = arrived.states(seen.reader).to_dicts()
    held = breakers.held(seen.reader).to_dicts()
    causes = judged(seen.reader, metrics, [code]).to_dicts()
    known = spoken.Known(
        area["area_name"], heads, causes, disputes, counts["disputed"], sources, held
    )
    runs = _runs(seen, code, metrics)
    told = spoken.sentences(known)
    return Briefing(area, heads, runs, told, disputes, counts, sources, held)


def metric_of(seen: Seen, briefing: Briefing) -> Row | None:
    """The measure asked for, where there is such a one, else that of the first headline."""
    wanted = seen.asked.measure
    found = reference.metric(seen.reader, wanted) if wanted else None
    if found is None and briefing.heads:
        found = reference.metric(seen.reader, briefing.heads[0]["metric_id"])
    return found


def _runs(seen: Seen, code: str, metrics: list[str]) -> dict[str, list[float | None]]:
    held = headlines.runs(seen.reader, [code], metrics, RUN)
    return {
        str(key[0]): rows["value"].to_list()
        for key, rows in held.group_by("metric_id", maintain_order=True)
    }
