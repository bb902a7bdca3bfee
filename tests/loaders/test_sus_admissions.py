"""The extract of admissions by residence: exact counts, and rows that are not so set aside."""

from pathlib import Path

import polars as pl

from loaders import contract
from loaders.documents import open_document
from loaders.sources import sus_admissions
from simulation.arrivals import arrive
from simulation.england import simulate
from simulation.publishers import sus_admissions as published

HEADING = "Area level,Area code,Area name,Admission date,Admissions"


def checked(folder: Path, content: str) -> contract.Checked:
    path = folder / sus_admissions.SAMPLE_NAME
    path.write_text(content)
    reading = sus_admissions.read(open_document(path, path.name))
    return contract.check(reading.tables["admissions"], sus_admissions.Admissions)


def test_a_zero_and_a_small_count_are_kept_as_they_are(tmp_path: Path):
    kept = checked(tmp_path, sus_admissions.SAMPLE).kept
    counts = dict(kept.select("area_name", "admissions").iter_rows())
    assert (counts["Exeter"], counts["Torridge"]) == (3, 0)


def test_what_is_no_count_of_an_area_is_set_aside(tmp_path: Path):
    wrong = [
        "Lower tier,E07000041,Exeter,2020-04-07,1 to 7",
        "Lower tier,E07000041,Exeter,2020-04-06,-1",
        "Lower tier,Exeter,Exeter,2020-04-05,4",
        "Lower tier,E07000041,Exeter,7 April,4",
    ]
    found = checked(tmp_path, "\n".join([HEADING, *wrong]) + "\n")
    assert found.kept.is_empty() and found.quarantined["_row"].to_list() == [2, 3, 4, 5]


def test_a_simulated_extract_adds_up_and_covers_four_weeks(tmp_path: Path):
    truth = simulate(40, 2020)
    [file] = published.files(arrive(truth), truth.last_day)
    kept = checked(tmp_path, file.content.decode()).kept
    days = kept["admission_date"].unique()
    assert len(days) == published.COVERS_DAYS
    by_level = kept.group_by("area_level", "admission_date").agg(pl.col("admissions").sum())
    totals = by_level.pivot("area_level", index="admission_date", values="admissions")
    assert (totals["Nation"] == totals["NHS region"]).all()
    assert (totals["Nation"] == totals["Lower tier"]).all()
    assert ((kept["admissions"] > 0) & (kept["admissions"] < 8)).sum() > 1000
