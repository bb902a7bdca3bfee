"""Hospital deaths by trust: totals are what they are totals of, or the workbook is refused."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from samples import workbook

from loaders.documents import open_document
from loaders.intake import Given, load_folders
from loaders.reading import Reading, Refused
from loaders.sources import nhse_announced_deaths as deaths
from store.paths import Home

TRUSTS, REGIONS = deaths.SAMPLE
TOTAL = -1
Change = Callable[[dict[str, list[list[Any]]]], object]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Change], Reading]:
    def reading(change: Change) -> Reading:
        sheets = deepcopy(deaths.SAMPLE)
        change(sheets)
        path = tmp_path / deaths.SAMPLE_NAME
        path.write_bytes(workbook(sheets))
        return deaths.read(open_document(path, path.name))

    return reading


def cell(sheet: str, row: int, column: int, value: Any) -> Change:
    """Another value in the row of this number, counted from 1."""
    return lambda sheets: sheets[sheet][row - 1].__setitem__(column, value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            cell(TRUSTS, 6, TOTAL, 4),
            f"in sheet COVID19 total deaths by trust of {deaths.SAMPLE_NAME}, "
            "row 6 (SECOND NAME OF THE SAME TRUST), the Total is 4 and its deaths with and "
            "without a date add up to 3: ask the publisher for a corrected workbook",
        ),
        (cell(TRUSTS, 4, 9, 0), "row 4 (ENGLAND), the Total is 5 and"),
        (cell(TRUSTS, 5, TOTAL, ""), "row 5 (FIRST HOSPITALS NHS TRUST), the Total is empty and"),
        (
            cell(REGIONS, 4, 4, 2),
            f"in sheet COVID19 total deaths by region of {deaths.SAMPLE_NAME}, row 4 (London), ",
        ),
    ],
)
def test_a_total_that_is_not_dated_plus_undated_refuses_the_workbook(
    read: Callable[[Change], Reading], change: Change, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        read(change)
    assert said in str(refusal.value)


def test_of_several_wrong_totals_the_first_is_named_and_the_others_counted(
    read: Callable[[Change], Reading],
) -> None:
    def wrong(sheets: dict[str, list[list[Any]]]) -> None:
        for row in sheets[TRUSTS][3:]:
            row[TOTAL] = 99

    with pytest.raises(Refused, match=r"row 4 \(ENGLAND\), the Total is 99 .* \(and 2 more\)"):
        read(wrong)


def test_a_sheet_without_totals_is_refused(read: Callable[[Change], Reading]) -> None:
    with pytest.raises(Refused, match=r"by region of .* has no column Total"):
        read(cell(REGIONS, 2, TOTAL, ""))


def test_a_cell_that_is_no_count_is_left_to_the_schema(read: Callable[[Change], Reading]) -> None:
    assert read(cell(TRUSTS, 6, 7, "two")).tables["deaths_by_trust"].height == 15


@pytest.mark.shared
def test_every_real_workbook_lands(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "nhse_announced_deaths"
    receipts = load_folders({deaths: folder}, Home(tmp_path), Given(), lambda *_: None)
    assert [(receipt.verdict, receipt.reason) for receipt in receipts] == [("landed", "")] * 11
