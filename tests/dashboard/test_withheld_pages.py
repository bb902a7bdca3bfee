"""Pages and files of a source whose agreement has ended say so at once, with warm readers too."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from dashboard.pages import figure, today
from store import agreements
from store.agreements import WITHHELD
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import looking_at, signed_in
from tests.dashboard.small_england import CITED, ENGLAND

OURS = Path(__file__).parents[2] / "agreements"
TREND = f"/files/trend.csv?measure=cases_by_specimen_date&area={ENGLAND}"
FIGURE = f"/files/figure.json?figure={CITED}"
VERSIONS = f"/files/versions.csv?figure={CITED}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Agreements of this test's own, at first as they come with the store."""
    shutil.copytree(OURS, tmp_path / "agreements")
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "agreements"))
    with looking_at("/"):
        yield tmp_path / "agreements"


def expire(folder: Path) -> None:
    path = folder / "open_government.toml"
    path.write_text(path.read_text().replace("2035-01-01", str(agreements.today())))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def answered(address: str) -> str:
    answer = signed_in().get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_pages_say_so_at_once_and_show_it_again_when_the_agreement_is_renewed(folder: Path):
    shown = words_in(every(figure.layout(figure_id=CITED), "Strong", "value"))
    assert shown.replace(",", "").isdigit()
    assert WITHHELD not in words_in(today.layout())
    expire(folder)
    withheld = figure.layout(figure_id=CITED)
    assert words_in(every(withheld, "Strong", "value")) == WITHHELD
    assert WITHHELD in words_in(today.layout())
    shutil.copy(OURS / "open_government.toml", folder)
    assert words_in(every(figure.layout(figure_id=CITED), "Strong", "value")) == shown


def test_files_say_so_at_once(folder: Path):
    before = [rows(answered(TREND)), rows(answered(VERSIONS)), json.loads(answered(FIGURE))]
    assert before[0][0]["value"] and before[1][0]["value"] and before[2]["figure"]["value"]
    expire(folder)
    for address in (TREND, VERSIONS):
        told = rows(answered(address))
        assert {(row["value"], row["why no value"]) for row in told} == {("", WITHHELD)}, address
        assert {row["flag"] for row in told} == {"hidden"}
    told = json.loads(answered(FIGURE))
    assert told["figure"]["value"] is None and told["figure"]["missing_reason"] == WITHHELD
    assert {claim["value"] for claim in told["claims"]} == {None}
    assert {row["value"] for row in told["shown"]} == {None}


def test_rates_made_of_withheld_counts_are_withheld_too(folder: Path):
    address = TREND.replace("trend", "comparison")
    assert any(row["value"] for row in rows(answered(address)))
    expire(folder)
    assert not any(row["value"] for row in rows(answered(address)))
    regions = answered("/files/regions.csv?measure=cases_by_specimen_date")
    assert not any(row["value"] or row["7 days"] for row in rows(regions))
