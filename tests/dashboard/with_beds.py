"""The small England with three trusts that report their beds: two in London, one in the South West.

`Full` has been above 95 per cent for the last four days, `Once` was so on the last day alone, and
`Broken` for four days of which one has no report; `Quiet` says on its last day nothing of its beds.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from store.paths import Home
from store.releases import publish
from tests.dashboard import small_england

LONDON_NHS, SOUTH_WEST_NHS = "E40000003", "E40000006"
LAST = date(2020, 7, 30)
OPEN, OCCUPIED = "beds_open_general_acute", "beds_occupied_general_acute"
FULL, ONCE, BROKEN, QUIET = "RF1", "RO1", "RB1", "RQ1"
REGION = {FULL: LONDON_NHS, ONCE: LONDON_NHS, BROKEN: SOUTH_WEST_NHS, QUIET: SOUTH_WEST_NHS}
NAMES = {FULL: "Full", ONCE: "Once", BROKEN: "Broken", QUIET: "Quiet"}
# Of 1,000 open beds, the last day at the end; None is a day without a report.
TAKEN: dict[str, list[int | None]] = {
    FULL: [950, 951, 960, 970, 980],
    ONCE: [960, 940, 940, 950, 955],
    BROKEN: [970, 970, None, 970, 970],
    QUIET: [970, 970, 970, 970, None],
}


def write_release(root: Path) -> None:
    """Publish it under `root`, as `small_england.write_release` does."""
    home = Home(root)
    root.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        for name, frame in tables().items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table {name} as select * from frame")
            connection.unregister("frame")
    at = small_england.RELEASED_AT
    publish(home, built_at=at, build_id="beds", is_simulated=True, keep=1)


def tables() -> dict[str, pl.DataFrame]:
    """Every table of the small England, with the trusts and their beds in it."""
    found = small_england.tables()
    rows = list(_beds())
    for name in ("figures", "figure_versions", "claims"):
        found[name] = _more(found[name], rows)
    trusts = [
        {"area_id": code, "area_name": name, "area_type": "trust", "region_id": REGION[code]}
        for code, name in NAMES.items()
    ]
    usual = {"parent_area_id": small_england.ENGLAND, "latitude": None, "longitude": None}
    found["areas"] = _more(found["areas"], [trust | usual for trust in trusts])
    found["area_parts"] = pl.DataFrame(
        {
            "whole_id": [LONDON_NHS, SOUTH_WEST_NHS],
            "part_id": ["E12000007", "E12000009"],
            "partition": ["region of residence"] * 2,
        }
    )
    beds = {"unit": "beds", "headline_rank": None, "denominator_metric_id": None}
    named = [
        {"metric_id": OPEN, "metric_name": "Beds open"} | beds,
        {"metric_id": OCCUPIED, "metric_name": "Beds occupied"} | beds,
    ]
    found["metrics"] = _more(found["metrics"], named)
    return found


def _beds() -> Any:
    for area_id, taken in TAKEN.items():
        for ago, value in enumerate(reversed(taken)):
            for metric_id, count in ((OPEN, 1000), (OCCUPIED, value)):
                if count is not None:
                    yield _figure(metric_id, area_id, LAST - timedelta(days=ago), float(count))


def _figure(metric_id: str, area_id: str, day: date, value: float) -> dict[str, Any]:
    return {
        "figure_id": f"{metric_id}.{area_id}.all.{day}",
        "claim_id": f"{metric_id}.{area_id}.all.{day}.claimed",
        "superseded_at": None,
        "metric_id": metric_id,
        "area_id": area_id,
        "event_date": day,
        "value": value,
        "first_value": value,
        "gap": None,
        "missing_reason": None,
        "is_provisional": False,
        "is_corrected": False,
        "status": "single",
    }


def _more(frame: pl.DataFrame, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The frame with rows more, which have what its first row has where they do not say."""
    first = frame.row(0, named=True)
    kept = [{name: row.get(name, first[name]) for name in frame.columns} for row in rows]
    return pl.concat([frame, pl.DataFrame(kept, schema=frame.schema)])
