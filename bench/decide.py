"""From claims to figures with the models' own SQL, beside the bare query that decides only today.

`python -m bench.decide [--cells 600000] [--runs 3]`. The models are compiled by dbt and run one
after the other in DuckDB. They decide every cell at every moment at which something was said; the
bare query (two steps of `arg_max`: the newest claim of each source, then the best-ranked source)
decides each cell once, as of now, so its rows are those of `figures` alone.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.cost import HOUSE, medians, table, work

PROJECT = HOUSE / "dbt_project"
BARE, OURS = "two steps of arg_max, bare", "Trigpoint's models"
FIRST, LAST = "claims_changed", "figures"
SEEDS = ("metrics", "precedence", "events", "areas", "growth_terms", "growth_sizes")
DAYS = 366
# Four metrics that three sources report: the best-ranked one for every cell and in up to three
# versions, each of the others for two cells of three.
METRICS = {
    "cases_by_report_date": ("phe_utla_daily_csv", "tomwhite_indicators_vintages", "ecdc"),
    "deaths_any_time_by_report_date": ("phe_deaths_csv", "tomwhite_indicators_vintages", "jhu"),
    "deaths_hospital_by_report_date": ("phe_deaths_csv", "tomwhite_indicators_vintages", "jhu"),
    "deaths_28d_by_report_date": ("phe_deaths_csv", "tomwhite_indicators_vintages", "jhu"),
}
VERSIONS = ((1, 1, 3), (2, 3, 3), (3, 7, 3), (1, 1, 2), (1, 2, 2))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--cells", type=int, default=600_000)
    options.add_argument("--runs", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="trigpoint-bench-") as folder:
        medians({"": ("bench.decide", "make", folder, str(asked.cells))}, runs=1)
        ways = {BARE: "bare", OURS: "models"}
        costs = medians(
            {name: ("bench.decide", way, folder) for name, way in ways.items()}, asked.runs
        )
        counts = json.loads((Path(folder) / "counts.json").read_text())
    title = "decide {claims:,} claims > {figures:,} figures, {figure_versions:,} versions"
    print(table(title.format(**counts), costs, BARE))
    ours = costs[OURS].cpu_s / counts["figure_versions"]
    each = ours / (costs[BARE].cpu_s / counts["figures"])
    print(f"\nFor each decision (a version, a figure) the models take {each:.1f} times as much.\n")


def make(folder: Path, cells: int) -> None:
    """A warehouse that holds seeds and claims, and the models compiled."""
    import duckdb

    with work():
        with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
            connection.execute("create schema work")
            connection.execute(f"create table work.claims_changed as {claims(cells)}")
        compile_models(folder)


def claims(cells: int) -> str:
    """The query that makes up claims; what they say depends on nothing but their cell."""
    sources = [
        f"('{metric}', '{source}', {place})"
        for metric, named in METRICS.items()
        for place, source in enumerate(named)
    ]
    areas = -(-cells // (DAYS * len(METRICS)))
    return f"""
        select
            sources.metric_id,
            'E0' || cast(2000001 + area as varchar) as area_id,
            'all' as stratum_id,
            date '2020-03-01' + cast(day as integer) as event_date,
            sources.source_id,
            'made_up' as series_id,
            cast((area * 7919 + day * 31) % 200 + versions.version + sources.place % 2 as double)
                as value,
            cast(null as double) as lower,
            cast(null as double) as upper,
            cast(null as varchar) as missing_reason,
            timestamp '2020-03-01' + to_days(cast(day + versions.lag as integer)) as published_at,
            timestamp '2021-06-01' as landed_at,
            md5(sources.source_id || cast(day + versions.lag as varchar)) as file_sha256,
            area * {DAYS} + day as file_row,
            '' as sheet_name
        from range({areas}) as areas (area)
        cross join range({DAYS}) as days (day)
        cross join (values {", ".join(sources)}) as sources (metric_id, source_id, place)
        inner join (values {", ".join(map(str, VERSIONS))}) as versions (version, lag, of)
            on if(sources.place = 0, versions.of = 3, versions.of = 2)
            and if(
                sources.place = 0,
                (area + day) % 3 + 1 >= versions.version,
                (area + day) % 3 <> sources.place and versions.lag = sources.place
            )
        order by published_at, sources.source_id, area_id
    """


def compile_models(folder: Path) -> None:
    """Seeds and compiled SQL, by dbt itself."""
    import os

    os.environ["TRIGPOINT_HOME"] = str(folder)
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    for command in (["seed", "--select", *SEEDS], ["compile", "--select", "+figures"]):
        done = dbtRunner().invoke([*command, *places, "--quiet"])
        if not done.success:
            sys.exit(f"dbt {command[0]} failed: {done.exception}")
    DuckDBConnectionManager.close_all_connections()


def models(folder: Path) -> None:
    """Every model between the claims and the figures, as the table or view that it is."""
    import duckdb

    from bench import compiled

    with duckdb.connect(str(folder / "warehouse.duckdb"), config={"threads": 2}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            "create or replace table main.publications as select distinct "
            "source_id, metric_id, area_id, published_at from work.claims_changed"
        )
        connection.execute(
            "create or replace table main.sources as select distinct "
            "source_id, 'withdrawn' as absence from work.claims_changed"
        )
        # Nobody decided anything and no area vanished: what stands beside the claims is empty.
        connection.execute(
            "create or replace table main.decisions (decision_id varchar, kind varchar, "
            "metric_id varchar, area_id varchar, stratum_id varchar, event_date date, "
            "source_id varchar, decided_at timestamp)"
        )
        connection.execute(
            "create or replace table main.unlisted_areas (source_id varchar, metric_id varchar, "
            "area_id varchar, unlisted_from timestamp, listed_from timestamp)"
        )
        with work():
            for model in compiled.models(folder / "target" / "manifest.json", [FIRST], [LAST]):
                model.create(connection)
                connection.execute("checkpoint")
        counts = {
            table: connection.sql(f"select count(*) from {table}").fetchall()[0][0]
            for table in ("work.claims_changed", "main.figure_versions", "main.figures")
        }
    names = {name.split(".")[1].removesuffix("_changed"): n for name, n in counts.items()}
    (folder / "counts.json").write_text(json.dumps(names))


def bare(folder: Path) -> None:
    import duckdb

    with duckdb.connect(str(folder / "warehouse.duckdb"), config={"threads": 2}) as connection:
        connection.execute("create schema if not exists bare")
        with work():
            connection.execute(BARE_QUERY)
            connection.execute("checkpoint")


BARE_QUERY = """
    create or replace table bare.figures as
    with newest as (
        select
            metric_id, area_id, stratum_id, event_date, source_id,
            arg_max_null(value, (published_at, landed_at, file_row)) as value
        from work.claims_changed
        group by all
    )
    select
        newest.metric_id, newest.area_id, newest.stratum_id, newest.event_date,
        arg_min(newest.value, rules.rank) as value,
        arg_min(newest.source_id, rules.rank) as source_id,
        count(newest.value) as sources_reporting,
        max(newest.value) - min(newest.value) as gap
    from newest
    inner join main.precedence as rules using (metric_id, source_id)
    group by all
"""


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder, cells]:
            make(Path(folder), int(cells))
        case ["models", folder]:
            models(Path(folder))
        case ["bare", folder]:
            bare(Path(folder))
        case _:
            main()
