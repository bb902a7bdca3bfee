"""Registers of areas, people and organisations: read whole, and in accord with the seeds."""

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from openpyxl import Workbook

from loaders import accounting, contract
from loaders.documents import Document, open_document
from loaders.reading import Published, Reading, Refused
from loaders.sources import ods_reference, ons_lookups, ons_population

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
Tables = dict[str, pl.DataFrame]
Rows = list[list[object]]


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def areas() -> dict[str, dict[str, str]]:
    return {row["area_id"]: row for row in seed("areas")}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Document]:
    def write(name: str, text: str) -> Document:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        return open_document(path, name)

    return write


def workbook(sheets: dict[str, Rows], path: Path) -> Document:
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return open_document(path, path.name)


def checked(source: ModuleType, document: Document, reading: Reading) -> Tables:
    """The kept rows of each table, after every row of the file was accounted for."""
    results = {
        table: contract.check(frame, source.SOURCE.tables[table], document.name)
        for table, frame in reading.tables.items()
    }
    account = accounting.settle(document, reading, results)
    assert account.rows_quarantined == 0
    return {table: result.kept for table, result in results.items()}


def read(source: ModuleType, document: Document) -> Tables:
    return checked(source, document, source.read(document))


def test_a_register_without_headings_is_read_by_its_places(
    written: Callable[[str, str], Document],
) -> None:
    document = written(ods_reference.SAMPLE_NAME, ods_reference.SAMPLE)
    trusts = read(ods_reference, document)["trusts"]
    closed = trusts.row(1, named=True)
    assert closed["trust_code"] == "RX9"
    assert closed["national_grouping"] == "Y63"
    assert closed["postcode"] == "YO1 1AA"
    assert closed["close_date"].isoformat() == "2020-03-31"
    assert trusts["close_date"][0] is None


def test_a_register_with_another_number_of_columns_is_refused(
    written: Callable[[str, str], Document],
) -> None:
    with pytest.raises(Refused, match="has 2 columns where 27 are promised"):
        ods_reference.read(written("etr_2020-04.csv", '"RX0","FIRST TRUST"\n'))


def test_mergers_are_as_old_as_the_newest_of_them(
    written: Callable[[str, str], Document],
) -> None:
    table = "trust_code_old,trust_code_new,from_date\nRX9,RX0,2020-04-01\nRX8,RX0,2021-02-01\n"
    document = written("trust_mergers.csv", table)
    reading = ods_reference.read(document)
    assert reading.published_at == Published(datetime(2021, 2, 28), "month")
    assert checked(ods_reference, document, reading)["mergers"].height == 2


def test_mergers_without_a_date_are_refused(written: Callable[[str, str], Document]) -> None:
    table = "trust_code_old,trust_code_new,from_date\nRX9,RX0,soon\n"
    with pytest.raises(Refused, match="no date of the form %Y-%m-%d under from_date"):
        ods_reference.read(written("trust_mergers.csv", table))


def test_an_unknown_list_is_refused_by_name(written: Callable[[str, str], Document]) -> None:
    with pytest.raises(Refused, match=r"ecare\.csv is no list that is known here"):
        ods_reference.read(written("ecare.csv", "a,b\n1,2\n"))


def test_headings_say_which_area_lies_in_which(written: Callable[[str, str], Document]) -> None:
    document = written(ons_lookups.SAMPLE_NAME, ons_lookups.SAMPLE)
    reading = ons_lookups.read(document)
    assert reading.published_at == Published(datetime(2018, 12, 31), "month")
    row = checked(ons_lookups, document, reading)["memberships"].row(1, named=True)
    assert (row["area_kind"], row["area_code"], row["area_name"]) == (
        "LAD18",
        "E06000001",
        "Hartlepool",
    )
    assert (row["parent_kind"], row["parent_code"]) == ("RGN18", "E12000001")


def test_a_chain_of_areas_gives_one_row_for_each_step(
    written: Callable[[str, str], Document],
) -> None:
    text = "FID,LSOA11CD,LSOA11NM,CCG20CD,CCG20CDH,CCG20NM,LAD20CD,LAD20NM\n"
    text += "1,E01000001,First 001A,E38000130,00X,First CCG,E06000057,First\n"
    rows = read(ons_lookups, written("lookup.csv", text))["memberships"]
    assert rows["parent_kind"].to_list() == ["CCG20", "LAD20"]
    assert rows["parent_ods_code"].to_list() == ["00X", None]
    assert rows["_row"].to_list() == [2, 2]


def test_a_lookup_of_another_year_leaves_its_date_to_the_operator(
    written: Callable[[str, str], Document],
) -> None:
    text = ons_lookups.SAMPLE.replace("LAD18", "LAD31").replace("RGN18", "RGN31")
    assert ons_lookups.read(written("lookup.csv", text)).published_at is None


def test_a_file_that_is_no_lookup_is_refused(written: Callable[[str, str], Document]) -> None:
    with pytest.raises(Refused, match="no heading such as LAD20CD"):
        ons_lookups.read(written("lookup.csv", "name,value\nYork,1\n"))


def test_every_age_and_sex_of_a_workbook_is_kept(tmp_path: Path) -> None:
    document = workbook(ons_population.SAMPLE, tmp_path / ons_population.SAMPLE_NAME)
    reading = ons_population.read(document)
    assert reading.published_at == Published(datetime(2021, 6, 25))
    residents = checked(ons_population, document, reading)["residents"]
    assert residents.height == reading.cells == 12
    england = residents.filter(area_code="E92000001", age="All ages")
    assert dict(zip(england["sex"], england["people"], strict=True)) == {
        "Persons": 1000,
        "Males": 490,
    }
    assert residents["period"].unique().to_list() == ["mid-2020"]


@pytest.mark.parametrize(
    ("sheet", "complaint"),
    [
        ("Cover sheet", "does not say when it was published"),
        ("MYE2 - Persons", "no title with its middle of a year"),
    ],
)
def test_a_population_workbook_without_its_date_is_refused(
    tmp_path: Path, sheet: str, complaint: str
) -> None:
    sheets: dict[str, Rows] = {**ons_population.SAMPLE, sheet: [["Something else"]]}
    document = workbook(sheets, tmp_path / "population.xlsx")
    with pytest.raises(Refused, match=complaint):
        ons_population.read(document)


def test_a_workbook_without_people_is_refused(tmp_path: Path) -> None:
    document = workbook({"Cover": [["Date published: 25th June 2021"]]}, tmp_path / "people.xlsx")
    with pytest.raises(Refused, match="has no sheet MYE2 - Persons"):
        ons_population.read(document)


@pytest.fixture(scope="module")
def tables_of(shared_data: Path) -> Callable[[str], dict[str, Tables]]:
    """The kept rows of every file of a source that is read, by file name and table."""

    def tables(name: str) -> dict[str, Tables]:
        source = import_module(f"loaders.sources.{name}")
        return {
            path.name: read(source, open_document(path, path.name))
            for path in sorted((shared_data / name).iterdir())
            if path.name.endswith(source.SOURCE.suffixes)
            and not any(re.search(pattern, path.name) for pattern in source.SOURCE.passed_over)
        }

    return tables


def test_all_real_registers_are_read_whole(tables_of: Callable[[str], dict[str, Tables]]) -> None:
    files = tables_of("ods_reference")
    rows = {name: frame.height for name, kept in files.items() for frame in kept.values()}
    assert rows == {
        "etr_2020-04.csv": 232,
        "etr_2020-04.zip": 232,
        "etr_2022-02.csv": 218,
        "etr_2026-04.csv": 274,
        "gp-reg-pat-prac-map_2022.csv": 6527,
        "trust_mergers.csv": 11,
        "trust_mergers.xlsx": 11,
    }
    packed, bare = files["etr_2020-04.zip"], files["etr_2020-04.csv"]
    assert packed["trusts"].equals(bare["trusts"])
    text, sheet = files["trust_mergers.csv"], files["trust_mergers.xlsx"]
    assert text["mergers"].drop("_row", "_sheet").equals(sheet["mergers"].drop("_row", "_sheet"))


def test_the_names_we_show_are_registered_names(
    tables_of: Callable[[str], dict[str, Tables]], areas: dict[str, dict[str, str]]
) -> None:
    registers = [kept["trusts"] for kept in tables_of("ods_reference").values() if "trusts" in kept]
    registered = pl.concat(registers).group_by("trust_code").agg("trust_name")
    for code, names in registered.iter_rows():
        row = areas.get(code)
        if row and row["area_type"] == "trust":
            assert row["area_name"].upper() in {name.upper() for name in names}, code
            known = {row["area_name"].upper(), *row["also_known_as"].upper().split("|")}
            assert {name.upper() for name in names} <= known, code


def test_the_dates_of_trusts_are_those_of_the_newest_register(
    tables_of: Callable[[str], dict[str, Tables]], areas: dict[str, dict[str, str]]
) -> None:
    newest = tables_of("ods_reference")["etr_2026-04.csv"]["trusts"]
    for code, closed in newest.select("trust_code", "close_date").iter_rows():
        if code in areas and areas[code]["area_type"] == "trust":
            assert areas[code]["valid_to"] == (closed.isoformat() if closed else ""), code
        elif code not in areas:
            assert closed.isoformat() < "2019-01-01", code


def test_mergers_are_successions(tables_of: Callable[[str], dict[str, Tables]]) -> None:
    known = {
        (row["from_area_id"], row["to_area_id"], row["happened_on"])
        for row in seed("area_successions")
    }
    mergers = tables_of("ods_reference")["trust_mergers.csv"]["mergers"]
    for old, new, day in mergers.select("trust_code_old", "trust_code_new", "from_date").rows():
        assert (old, new, day.isoformat()) in known


def test_all_real_lookups_are_read_whole_and_dated(
    tables_of: Callable[[str], dict[str, Tables]], shared_data: Path
) -> None:
    files = tables_of("ons_lookups")
    assert len(files) == 13
    for name in files:
        document = open_document(shared_data / "ons_lookups" / name, name)
        assert ons_lookups.read(document).published_at is not None, name
    rows = {name: frame.height for name, kept in files.items() for frame in kept.values()}
    assert rows["ons-lookups_219.csv"] == 2 * 32_844
    assert rows["ons-lookups_276.csv"] == 379


def test_areas_lie_where_the_lookups_say(
    tables_of: Callable[[str], dict[str, Tables]], areas: dict[str, dict[str, str]]
) -> None:
    lookups = [
        kept["memberships"] for kept in tables_of("ons_lookups").values() if "memberships" in kept
    ]
    rows = pl.concat(lookups).filter(
        pl.col("area_kind").str.contains("^(LAD|LTLA)"), pl.col("parent_code") != "NA"
    )
    in_regions = rows.filter(pl.col("parent_kind").str.starts_with("RGN"))
    for code, region in in_regions.select("area_code", "parent_code").iter_rows():
        assert areas[code]["region_id"] == region, code
    in_counties = rows.filter(pl.col("parent_kind").str.starts_with("UTLA"))
    for code, upper in in_counties.select("area_code", "parent_code").iter_rows():
        row = areas[code]
        assert upper == (code if row["is_upper_tier"] == "true" else row["parent_area_id"]), code
    assert (in_regions.height, in_counties.height) == (326 + 317, 2 * 339)


def test_populations_are_those_of_the_workbook(
    tables_of: Callable[[str], dict[str, Tables]],
) -> None:
    (kept,) = tables_of("ons_population").values()
    people = kept["residents"].filter(sex="Persons", age="All ages")
    published = dict(people.select("area_code", "people").rows())
    seeded = {
        row["area_id"]: int(row["population"])
        for row in seed("populations")
        if row["basis"] == "published"
    }
    assert seeded == published
    assert people.height == 420


def test_the_sexes_and_the_ages_add_up(tables_of: Callable[[str], dict[str, Tables]]) -> None:
    (kept,) = tables_of("ons_population").values()
    people = kept["residents"]
    whole = people.filter(age="All ages").drop("age", "_row", "_sheet")
    ages = people.filter(pl.col("age") != "All ages")
    by_age = ages.group_by("sex", "area_code").agg(pl.col("people").sum().alias("added"))
    compared = whole.join(by_age, on=["sex", "area_code"])
    assert compared.height == 1260
    assert (compared["people"] == compared["added"]).all()
    total = whole.pivot(on="sex", index="area_code", values="people")
    assert (total["Males"] + total["Females"] == total["Persons"]).all()


CODES = ("area_code", "trust_code", "geography_code")


@pytest.mark.parametrize(
    "name",
    [
        "nhse_announced_deaths",
        "ons_population",
        "ons_weekly_deaths",
        "phe_cases_vintages",
        "phe_deaths_csv",
        "phe_utla_daily_csv",
        "ukhsa_dashboard_json",
    ],
)
def test_every_code_of_a_source_is_an_area(
    shared_data: Path, areas: dict[str, dict[str, str]], name: str
) -> None:
    source = import_module(f"loaders.sources.{name}")
    found: set[str] = set()
    for path in sorted((shared_data / name).glob("*")):
        if path.name.endswith(source.SOURCE.suffixes):
            with suppress(Refused):
                found |= codes_of(source.read(open_document(path, path.name)))
    assert found
    # NHS England writes a dash for England; one site's code has a tab after it in one workbook.
    assert found - set(areas) - {"-"} == set()


def codes_of(reading: Reading) -> set[str]:
    return {
        code.strip()
        for frame in reading.tables.values()
        for column in CODES
        if column in frame.columns
        for code in frame[column].drop_nulls().unique()
        if code.strip()
    }


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("nhse_announced_deaths", "region_name"),
        ("ons_weekly_deaths", "area_name"),
        ("tomwhite_indicators_vintages", "country"),
    ],
)
def test_every_name_without_a_code_means_an_area(shared_data: Path, name: str, column: str) -> None:
    source = import_module(f"loaders.sources.{name}")
    known = {row["published_name"] for row in seed("area_names") if row["source_id"] == name}
    for path in sorted((shared_data / name).iterdir()):
        reading = source.read(open_document(path, path.name))
        for frame in reading.tables.values():
            if column in frame.columns and not {*CODES} & {*frame.columns}:
                published = set(frame[column].str.strip_chars().unique())
                assert published <= known, path.name
