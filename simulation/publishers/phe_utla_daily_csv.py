"""PHE's first tables: running totals of cases by upper tier and NHS region, one day a file.

They ended in April 2020. As in life numbers are padded with blanks on some days, have thousands
commas from 28 March, and the first tables begin with a row counter. The workbook of daily
indicators is left out.
"""

from datetime import date

import polars as pl

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import cases_by_report
from simulation.places import Counts, grouped
from simulation.publishers.phe_cases_vintages import MERGED_FROM, MERGED_NAMES
from simulation.publishers.published import PublishedFile, lines, quoted

CADENCE = Cadence(until=date(2020, 4, 7))

COUNTED_UNTIL, COMMAS_FROM, BY_CODE_FROM = date(2020, 3, 11), date(2020, 3, 28), date(2020, 4, 1)


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The two tables of the day: `CountyUAs_cases_table` and `NHSR_Cases_table`."""
    upper = _with_names(arrivals, *by_upper_tier(arrivals, published))
    regions = _with_names(arrivals, *by_nhs_region(arrivals, published))
    day = published.isoformat()
    return [
        PublishedFile(f"CountyUAs_cases_table-{day}.csv", _table("GSS_NM", upper, published)),
        PublishedFile(f"NHSR_Cases_table-{day}.csv", _table("NHSRNm", regions, published)),
    ]


def by_upper_tier(arrivals: Arrivals, published: date) -> tuple[list[str], Counts]:
    """Codes of the upper tier, small places merged, and the cases announced so far in each."""
    merged = pl.col("area_id").is_in(list(MERGED_FROM))
    codes = arrivals.truth.places.areas.select(
        pl.when(merged).then("counted_with").otherwise("upper_id")
    )
    return grouped(_so_far(arrivals, published), codes.to_series())


def by_nhs_region(arrivals: Arrivals, published: date) -> tuple[list[str], Counts]:
    """Codes of the NHS regions and the cases announced so far in each."""
    return arrivals.truth.places.summed(_so_far(arrivals, published), "nhs_region_id")


def _so_far(arrivals: Arrivals, published: date) -> Counts:
    upto = arrivals.truth.index(published) + 1
    counts: Counts = cases_by_report(arrivals)[:upto].sum(axis=0)
    return counts


def _with_names(arrivals: Arrivals, codes: list[str], totals: Counts) -> list[tuple[str, str, int]]:
    names = arrivals.truth.places.names | MERGED_NAMES
    return [(code, names[code], int(total)) for code, total in zip(codes, totals, strict=True)]


def _table(name_column: str, rows: list[tuple[str, str, int]], published: date) -> bytes:
    ordered = sorted(rows, key=lambda row: row[0] if published >= BY_CODE_FROM else row[1])
    counted = published <= COUNTED_UNTIL and name_column == "GSS_NM"
    heading = f"{'FID,' if counted else ''}GSS_CD,{name_column},TotalCases"
    written = [
        f"{f'{at},' if counted else ''}{code},{quoted(name)},{_number(total, published)}"
        for at, (code, name, total) in enumerate(ordered)
    ]
    return lines([heading, *written])


def _number(total: int, published: date) -> str:
    """A count as written that day: plain, padded to five places, or with commas in quotes."""
    if published >= COMMAS_FROM and total >= 1000:
        return f'"{total:,}"'
    return f"{total:5}" if published.toordinal() % 2 else str(total)
