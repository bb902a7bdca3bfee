"""Figures as SDMX-CSV 2.0, for those who exchange statistics; codes are policy in two tables.

`marks.csv` maps why a value is as it is to OBS_STATUS and CONF_STATUS, `frequencies.csv` the grain
of a metric to FREQ and TIME_PERIOD. The structure is our own: its dimensions are FREQ, METRIC,
REF_AREA, STRATUM and TIME_PERIOD, with codes as the release has them.
"""

import csv
from importlib.resources import files

from store.exporting.marks import said

STRUCTURE_ID = "TRIGPOINT:FIGURES(1.0)"
# "Information": the receiver decides what to do with it.
ACTION = "I"
PERIODS = {
    "day": "cast(figures.event_date as varchar)",
    "seven days": "cast(figures.event_date - 6 as varchar) || '/P7D'",
    "month": "strftime(figures.event_date, '%Y-%m')",
    "quarter": "year(figures.event_date) || '-Q' || quarter(figures.event_date)",
}
COLUMNS = (
    *("STRUCTURE", "STRUCTURE_ID", "ACTION"),
    *("FREQ", "METRIC", "REF_AREA", "STRATUM", "TIME_PERIOD"),
    *("OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "MARK", "UNIT_MEASURE", "DECIMALS", "SOURCE"),
)


def columns() -> str:
    """The columns of SDMX-CSV as SQL over figures and metrics, in the order that it asks for."""
    told = (
        "'dataflow'",
        f"'{STRUCTURE_ID}'",
        f"'{ACTION}'",
        _by_grain("freq"),
        "figures.metric_id",
        "figures.area_id",
        "figures.stratum_id",
        _by_grain("period"),
        "figures.value",
        said("obs_status"),
        said("conf_status"),
        said("mark"),
        "metrics.unit",
        "metrics.decimals",
        "figures.source_id",
    )
    return ", ".join(f"{text} as {name}" for text, name in zip(told, COLUMNS, strict=True))


def _by_grain(column: str) -> str:
    """FREQ or TIME_PERIOD by the grain of the metric; a grain without a row has none."""
    cases = " ".join(f"when '{row['grain']}' then {_text(column, row)}" for row in _frequencies())
    return f"case metrics.grain {cases} end"


def _text(column: str, row: dict[str, str]) -> str:
    return PERIODS[row["period"]] if column == "period" else f"'{row['freq']}'"


def _frequencies() -> list[dict[str, str]]:
    table = files("store.exporting").joinpath("frequencies.csv").read_text()
    return list(csv.DictReader(table.splitlines()))
