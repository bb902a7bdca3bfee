"""One large CSV through the real intake, beside the bare engines that only read it.

`python -m bench.load [--rows 1000000] [--runs 5]`. The intake also copies and hashes the bytes,
looks at every line, types and checks every value, balances the rows and writes receipts; the bare
engines trust the file.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.cost import medians, table, work

NAME = "coronavirus-cases_2021-01-30.csv"
BUDGET_MB = 1024
BARE, OURS = "DuckDB read_csv into a table", "Trigpoint's intake"
DAYS = 366


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="trigpoint-bench-") as folder:
        file = Path(folder) / "in" / NAME
        medians({"": ("bench.load", "make", file, str(asked.rows))}, runs=1)
        ways = {BARE: "duckdb", "Polars scan_csv > sink_parquet": "polars", OURS: "intake"}
        costs = medians({name: ("bench.load", way, file) for name, way in ways.items()}, asked.runs)
        size = file.stat().st_size / 1e6
    print(table(f"load {asked.rows:,} rows, {size:,.0f} MB of CSV", costs, BARE))
    share = costs[OURS].peak_mb / BUDGET_MB
    print(f"\nThe intake's peak is {share:.2f} of the 1 GB budget of a load worker.\n")


def make(file: Path, rows: int) -> None:
    """A file as Public Health England publishes it: a full history for many small areas."""
    import polars as pl

    seed = Path(__file__).parents[1] / "dbt_project" / "seeds" / "areas.csv"
    places = pl.read_csv(seed).filter(pl.col("area_id").str.starts_with("E0"))["area_name"]
    area, day = pl.int_range(rows) // DAYS, pl.int_range(rows) % DAYS
    file.parent.mkdir(parents=True)
    with work():
        pl.select(
            pl.lit(places).gather(area % len(places)).alias("Area name"),
            pl.format("E0{}", area + 2_000_001).alias("Area code"),
            pl.lit("msoa").alias("Area type"),
            (pl.date(2021, 1, 29) - pl.duration(days=day)).alias("Specimen date"),
            (area * 7919 % 97 * (day + 1) % 89).alias("Daily lab-confirmed cases"),
            (area * 31 + DAYS - day).alias("Cumulative lab-confirmed cases"),
            (area * 7919 % 9973 / 10).alias("Cumulative lab-confirmed cases rate"),
        ).write_csv(file)


def duckdb_table(file: Path) -> None:
    import duckdb

    with work(), duckdb.connect(str(fresh(file, "bare") / "bare.duckdb")) as connection:
        connection.execute(f"create table cases as select * from read_csv('{file}')")


def polars_parquet(file: Path) -> None:
    import polars as pl

    target = fresh(file, "bare") / "bare.parquet"
    with work():
        pl.scan_csv(file, try_parse_dates=True).sink_parquet(target)


def intake(file: Path) -> None:
    from loaders.intake import Given, load_folders
    from loaders.sources import phe_cases_vintages
    from store.paths import Home

    home = Home(fresh(file, "home"))
    with work():
        receipts = load_folders({phe_cases_vintages: file.parent}, home, Given(), lambda *_: None)
    if [receipt.verdict for receipt in receipts] != ["landed"]:
        sys.exit(receipts[0].reason)


def fresh(file: Path, name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=name, dir=file.parents[1]))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", file, rows]:
            make(Path(file), int(rows))
        case ["duckdb", file]:
            duckdb_table(Path(file))
        case ["polars", file]:
            polars_parquet(Path(file))
        case ["intake", file]:
            intake(Path(file))
        case _:
            main()
