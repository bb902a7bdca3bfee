"""A small England in which one measure is not public, and three people who look at it."""

import duckdb
import polars as pl

from people.accounts import Known
from store.paths import Home
from store.releases import publish
from tests.dashboard import small_england
from tests.dashboard.small_england import ENGLAND, LEICESTER, RELEASED_AT

LONDON = "E12000007"
GUARDED = "cases_by_report_date"
NATIONAL = Known("demonstration|grace", "Grace", "national_leader", ENGLAND)
REGIONAL = Known("demonstration|priya", "Priya", "regional_lead", LONDON)
LOCAL = Known("demonstration|tom", "Tom", "local_official", LEICESTER)
SITE = "http://127.0.0.1:8050"


def tables() -> dict[str, pl.DataFrame]:
    """The small England, of whose cases by report date outsiders see controlled counts."""
    found = small_england.tables()
    is_guarded = pl.col("metric_id") == GUARDED
    rule = pl.when(is_guarded).then(pl.lit("nhs_subnational")).otherwise("disclosure_class")
    upper = pl.col("area_type").is_in(["utla", "unitary"])
    return found | {
        "metrics": found["metrics"].with_columns(disclosure_class=rule),
        "sources": found["sources"].with_columns(
            outside_scope=pl.lit("controlled"), disclosure_rule=pl.lit("published")
        ),
        "areas": found["areas"].with_columns(is_upper_tier=upper),
        "corrections": found["corrections"].with_columns(metric_id=pl.lit(None, pl.String)),
    }


def published(home: Home) -> None:
    publish(home, built_at=RELEASED_AT, build_id="small", is_simulated=False, keep=3)


def filled(home: Home) -> None:
    """Write its warehouse and publish it."""
    home.root.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        for name, frame in tables().items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table {name} as select * from frame")
            connection.unregister("frame")
    published(home)
