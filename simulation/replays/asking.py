"""Select statements that replays put: to a release, and to a store where the newest file wins."""

from collections.abc import Sequence
from datetime import date


def figure(metric_id: str, area_id: str, day: date) -> str:
    """The figure of one day."""
    return f"select value from figures where figure_id = '{metric_id}.{area_id}.all.{day}'"


def newest_figure(metric_id: str, area_id: str) -> str:
    """The figure of the newest day that has a value."""
    return (
        f"select value from figures where {_cells(metric_id, area_id)} and value is not null "
        "order by event_date desc limit 1"
    )


def all_days(metric_id: str, area_id: str) -> str:
    """The figures of all days added up."""
    return f"select sum(value) from figures where {_cells(metric_id, area_id)}"


def known_on(day: date, metric_id: str, area_id: str) -> str:
    """The figures of all days added up, as they were known at the end of a day."""
    return (
        f"select sum(value) from figures_as_known(timestamp '{day} 23:59:59') "
        f"where {_cells(metric_id, area_id)}"
    )


def changed(metric_id: str, area_id: str, *days: date, where: str = "true") -> str:
    """How much of what changed on these days fits a condition, such as `kind = 'coverage'`."""
    named = ", ".join(f"'{day}'" for day in days)
    return (
        f"select coalesce(sum(amount), 0) from figure_changes where {_cells(metric_id, area_id)} "
        f"and cast(changed_at as date) in ({named}) and {where}"
    )


def newest_changed(metric_id: str, area_id: str, where: str = "true") -> str:
    """The same of the newest publication that changed anything, if one came before it."""
    return (
        f"select coalesce(sum(amount) filter (where {where}), 0) from figure_changes "
        f"where {_cells(metric_id, area_id)} and changed_at = (select max(changed_at) "
        f"from figure_changes where {_cells(metric_id, area_id)}) "
        "having (select count(distinct changed_at) from figure_changes "
        f"where {_cells(metric_id, area_id)}) > 1"
    )


def newest_row(series: Sequence[str], area_id: str) -> str:
    """What a naive store takes for the present value: of the newest file, the newest day."""
    return (
        f"select value from published_values where {_rows(series, area_id)} "
        "order by published_at desc, event_date desc, landed_at desc limit 1"
    )


def newest_of_day(series: Sequence[str], area_id: str, day: date) -> str:
    """What a naive store takes for the value of a day: that of the newest file."""
    return (
        f"select value from published_values where {_rows(series, area_id)} "
        f"and event_date = '{day}' order by published_at desc, landed_at desc limit 1"
    )


def newest_step(series: Sequence[str], area_id: str) -> str:
    """The newest value less that of the file before: a naive store takes it for a day's count."""
    return (
        "with newest as (select published_at, arg_max(value, event_date) as value "
        f"from published_values where {_rows(series, area_id)} group by published_at) "
        "select value - lag(value) over (order by published_at) as step from newest "
        "order by published_at desc limit 1"
    )


def _cells(metric_id: str, area_id: str) -> str:
    return f"metric_id = '{metric_id}' and area_id = '{area_id}' and stratum_id = 'all'"


def _rows(series: Sequence[str], area_id: str) -> str:
    names = ", ".join(f"'{name}'" for name in series)
    return f"series_id in ({names}) and area_code = '{area_id}' and stratum_id = 'all'"
