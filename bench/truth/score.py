"""How far what was shown lies from what was true: in people, evening by evening.

An evening's truth is who counts and had arrived by the end of the day before: no decision can know
more, so reporting lag is no error of anybody. Errors are absolute, over the fourteen days before
the evening; a cell that shows nothing is wrong by all of its people. A held file counts at what
was shown in its stead.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.truth.episodes import FAULTLESS_DAYS, Arrival
from bench.truth.publishers import WINDOW_DAYS, Published, Values
from bench.warehouse import Warehouse

Cells = npt.NDArray[np.float32]  # [evening, day of the window, area]
Errors = npt.NDArray[np.float64]  # [evening]


def errors(cells: Cells, truth: Cells, areas: slice) -> Errors:
    """The mean absolute error of each evening over some areas, in people a cell."""
    off = abs(np.nan_to_num(cells[:, :, areas]) - truth[:, :, areas])
    return np.asarray(off.mean(axis=(1, 2), dtype=np.float64))


def evenings(days: int) -> range:
    """The days at whose end it is asked what is shown."""
    return range(FAULTLESS_DAYS, days)


def true_cells(published: Published, days: int) -> Cells:
    """The truth of every evening."""
    return np.stack(
        [
            published.known_by(evening)[evening - WINDOW_DAYS : evening].astype(np.float32)
            for evening in evenings(days)
        ]
    )


def shown_cells(warehouse: Warehouse, published: Published, days: int) -> Cells:
    """What the figures showed on every evening, read from their versions."""
    first_day = published.truth.first_day
    asked_areas = pl.DataFrame({"area_id": published.area_ids}).with_row_index("area")
    found = warehouse.connection.sql(
        f"""
        with evenings as (
            select evening, cast(date '{first_day}' + cast(evening + 1 as integer) as timestamp)
                - interval 1 second as moment
            from range({evenings(days).start}, {days}) as asked (evening)
        )
        select
            evenings.evening - {evenings(days).start} as evening,
            datediff('day', date '{first_day}', versions.event_date)
                - evenings.evening + {WINDOW_DAYS} as day,
            asked_areas.area,
            versions.value
        from main.figure_versions as versions
        inner join asked_areas on versions.area_id = asked_areas.area_id
        inner join evenings
            on
                versions.known_from <= evenings.moment
                and (versions.known_to is null or versions.known_to > evenings.moment)
                and versions.event_date >= cast(evenings.moment as date) - {WINDOW_DAYS}
                and versions.event_date < cast(evenings.moment as date)
        where versions.value is not null
        """
    ).pl()
    cells = np.full(
        (len(evenings(days)), WINDOW_DAYS, asked_areas.height), np.nan, dtype=np.float32
    )
    cells[found["evening"].to_numpy(), found["day"].to_numpy(), found["area"].to_numpy()] = found[
        "value"
    ].to_numpy()
    return cells


def said_cells(published: Published, arrived: Sequence[Arrival], days: int) -> Cells:
    """What stands, evening by evening, if every file is believed as it comes."""
    standing = np.full((days, len(published.area_ids)), np.nan)
    by_day: dict[int, list[Arrival]] = {}
    for arrival in arrived:
        by_day.setdefault(arrival.edition.published, []).append(arrival)
    cells = []
    for day in range(days):
        for arrival in sorted(by_day.get(day, []), key=lambda arrival: arrival.publisher.hour):
            _believe(standing, arrival)
        if day in evenings(days):
            cells.append(standing[day - WINDOW_DAYS : day].astype(np.float32))
    return np.stack(cells)


def _believe(standing: Values, arrival: Arrival) -> None:
    """Take over what a file says; what it leaves out is withdrawn where its source means that."""
    edition = arrival.edition
    values = edition.values[: len(standing) - edition.first]
    covered = standing[edition.first : edition.first + len(values)]
    said = ~np.isnan(values)
    if arrival.publisher.absence == "withdrawn":
        is_listed = np.asarray(~np.isnan(edition.values).all(axis=0))
        said = said | is_listed[None, :]
    covered[said] = values[said]
