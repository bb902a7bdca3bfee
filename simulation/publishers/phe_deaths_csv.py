"""GOV.UK's deaths by day of announcement: in hospital until 28 April 2020, then in all settings.

As in the real file the newest day comes first, the UK begins before its nations, and the first days
have a running total only. Its headings changed with the definition.
"""

from datetime import date

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import ANY_TIME_FROM, deaths_by_report, definition_on, nation
from simulation.places import NATIONS, UNITED_KINGDOM, Counts
from simulation.publishers.published import PublishedFile

CADENCE = Cadence(since=date(2020, 3, 10))

UK_SINCE, UK_DAILY_SINCE, NATIONS_SINCE = date(2020, 3, 10), date(2020, 3, 15), date(2020, 3, 27)
ORDER = (UNITED_KINGDOM, NATIONS[0], "S92000003", "N92000002", "W92000004")
HOSPITAL = ("Daily hospital deaths", "Cumulative hospital deaths", "Country - UK", "Country")
ALL_SETTINGS = ("Daily change in deaths", "Cumulative deaths", "UK", "Nation")


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one file of the day, `coronavirus-deaths-<day>.csv`, without a last line end."""
    daily_name, total_name, kingdom, country = (
        HOSPITAL if published < ANY_TIME_FROM else ALL_SETTINGS
    )
    heading = ["Area name", "Area code", "Area type", "Reporting date", daily_name, total_name]
    rows = [",".join(f'"{name}"' for name in heading)]
    daily = announced(arrivals, published)
    for day in reversed(arrivals.truth.dates[1:]):
        for area_id in ORDER if day <= published else ():
            if day >= _since(area_id):
                kind = kingdom if area_id == UNITED_KINGDOM else country
                rows.append(_row(arrivals, daily[area_id], area_id, kind, day))
    name = f"coronavirus-deaths-{published.isoformat()}.csv"
    return [PublishedFile(name, "\n".join(rows).encode())]


def announced(arrivals: Arrivals, published: date) -> dict[str, Counts]:
    """Deaths by day of announcement of the UK and its nations, [day] each."""
    counts = deaths_by_report(arrivals, definition_on(published))
    nations = {area_id: nation(counts, area_id) for area_id in NATIONS}
    return {UNITED_KINGDOM: counts.sum(axis=1), **nations}


def _since(area_id: str) -> date:
    return UK_SINCE if area_id == UNITED_KINGDOM else NATIONS_SINCE


def _row(arrivals: Arrivals, daily: Counts, area_id: str, kind: str, day: date) -> str:
    at = arrivals.truth.index(day)
    has_daily = day >= UK_DAILY_SINCE if area_id == UNITED_KINGDOM else day > NATIONS_SINCE
    name = arrivals.truth.places.names[area_id]
    count = str(daily[at]) if has_daily else ""
    return f'"{name}","{area_id}","{kind}","{day.isoformat()}",{count},{daily[: at + 1].sum()}'
