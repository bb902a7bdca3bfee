"""Corrections that an analyst accepted from a report of somebody on the ground.

The store writes each file itself, on the first build after the decision: one row, which says that
a correction holds from `stated_at`, or that one has expired. Whoever answers for it, why, and until
when stand in it, and so does the guard: what the publisher said of the cell when the report was
accepted. A correction ends once that publisher says something else; the models see to that. A cell
that no file names was never corrected: absence means not reported.

What nobody can count is refused here once more, whoever wrote the file: less than nobody where the
publisher does not say that either, or more decimals than the metric has.
"""

from datetime import datetime
from functools import cache

import dataframely as dy
import polars as pl

from loaders.area_register import SEEDS
from loaders.codes import GSS, ODS
from loaders.contract import CORRECTIONS, Source
from loaders.documents import Document
from loaders.reading import Published, Reading, Refused
from loaders.selection import require_columns

PROBLEM = r"^PR-[0-9A-F]{8}$"
CORRECTION, EXPIRED, TAKEN_BACK = "correction", "expired", "taken_back"
SAYS = (CORRECTION, EXPIRED, TAKEN_BACK)
AREA = f"{GSS}|{ODS}"
METRICS = SEEDS / "metrics.csv"


@cache
def decimals() -> dict[str, int]:
    """To how many decimals each metric is counted, by the seed that people keep."""
    counted = pl.read_csv(METRICS, columns=["metric_id", "decimals"])
    return dict(counted.iter_rows())


class Corrections(dy.Schema):
    problem_id = dy.String(
        primary_key=True, regex=PROBLEM, metadata={"form": "a number such as PR-0A1B2C3D"}
    )
    says = dy.String(
        primary_key=True,
        regex=f"^({'|'.join(SAYS)})$",
        metadata={"form": " or ".join(SAYS)},
    )
    metric_id = dy.String(regex=r"^[a-z][a-z0-9_]+$", metadata={"form": "the name of a metric"})
    area_id = dy.String(regex=AREA, metadata={"form": "a code of an area or an organisation"})
    stratum_id = dy.String()
    event_date = dy.Date()
    value = dy.Float64(nullable=True, metadata=CORRECTIONS)
    guard_source_id = dy.String()
    guard_value = dy.Float64(nullable=True, metadata=CORRECTIONS)
    reason = dy.String()
    author = dy.String()
    expires_on = dy.Date()
    stated_at = dy.String()

    @dy.rule()
    def a_correction_has_a_value_and_its_end_has_none(cls) -> pl.Expr:
        return (pl.col("says") == CORRECTION) == pl.col("value").is_not_null()

    @dy.rule()
    def a_value_below_0_corrects_one_below_0(cls) -> pl.Expr:
        return (pl.col("value") >= 0) | (pl.col("guard_value") < 0).fill_null(value=False)

    @dy.rule()
    def a_value_is_no_more_exact_than_its_metric_is_counted(cls) -> pl.Expr:
        counted_to = pl.col("metric_id").replace_strict(decimals(), default=0)
        scaled = pl.col("value") * pl.lit(10.0).pow(counted_to)
        return scaled == scaled.round()


SOURCE = Source(
    name="ground_reports",
    title="Corrections accepted from reports of people on the ground",
    publisher="Whoever runs this store",
    licence="Open Government Licence v3.0",
    agreement="ground_reports",
    cadence="irregular",
    due="whenever a report is accepted",
    absence="not_reported",
    tables={"corrections": Corrections},
)

COLUMNS = tuple(Corrections.column_names())
SAMPLE_NAME = "ground-report-PR-0A1B2C3D-correction.csv"
SAMPLE = f"""\
{",".join(COLUMNS)}
PR-0A1B2C3D,correction,cases_by_specimen_date,E06000016,all,2020-06-30,72,phe_cases_vintages,27,\
One laboratory sent its file twice.,James Wu,2020-08-01,2020-07-03T09:30:00.000001
"""


def read(document: Document) -> Reading:
    """A row for each correction or its end; the file was published when they were stated.

    Raises `Refused` for a file that does not say when, or names several moments.
    """
    published = document.table()
    require_columns(published, COLUMNS, document.name)
    return Reading({"corrections": published}, published_at=_stated(published, document.name))


def _stated(published: pl.DataFrame, name: str) -> Published:
    stated = published["stated_at"].unique().to_list()
    try:
        (moment,) = (datetime.fromisoformat(text or "") for text in stated)
    except ValueError:
        raise Refused(
            f"{name} must say once when it was stated: write stated_at as 2020-07-03T09:30:00"
        ) from None
    return Published(moment.replace(tzinfo=None), "second")
