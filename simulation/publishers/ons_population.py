"""ONS's estimates of resident population: one workbook a year, one row an area.

The people of the simulated England are those of the seed `populations`; the workbook gives them
under the newest middle of a year that ONS could have published before the first day (each June
brings the year before), so that rates are known from the beginning.
"""

from datetime import date

import polars as pl

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.places import SEEDS
from simulation.publishers.published import PublishedFile
from simulation.workbooks import Rows, workbook

CADENCE = Cadence(is_once=True)

RELEASED = (6, 26)
HEADER = ["Code", "Name", "Geography", "All ages"]


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """`ukpopestimatesmid<year>.xlsx`; its cover says that it was published in the June before."""
    month, day = RELEASED
    is_out = (published.month, published.day) > RELEASED
    released = date(published.year - (0 if is_out else 1), month, day)
    period = f"mid-{released.year - 1}"
    sheets: dict[str, Rows] = {
        "Cover sheet": [
            [f"Mid-Year Population Estimates, UK, {period}"],
            [f"Date published: {released.day} {released:%B %Y}"],
        ],
        "MYE2 - Persons": [
            [f"MYE2: Persons by single year of age and sex for local authorities, {period}"],
            HEADER,
            *_residents(),
        ],
    }
    content = workbook(sheets, "Office for National Statistics", released)
    return [PublishedFile(f"ukpopestimatesmid{released.year - 1}.xlsx", content)]


def _residents() -> Rows:
    populations = pl.read_csv(SEEDS / "populations.csv").select("area_id", "population")
    areas = pl.read_csv(SEEDS / "areas.csv", infer_schema=False)
    named = populations.join(areas, on="area_id", maintain_order="left")
    return named.select("area_id", "area_name", "area_type", "population").rows()
