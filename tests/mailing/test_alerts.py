"""What somebody is alerted to: of the measure that they chose, and of no other."""

from collections.abc import Iterator

import pytest

from journal.subscriptions import Wanted
from mailing import alerts
from store.paths import Home
from store.reader import Reader, open_reader
from tests.dashboard.small_england import ENGLAND, METRICS
from tests.dashboard.with_beds import FULL, OCCUPIED, QUIET, write_release

DEATHS = "deaths_28d_by_death_date"
HEADLINES = [metric["metric_id"] for metric in METRICS if metric["headline_rank"]]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("alerts")
    write_release(root)
    with open_reader(Home(root)) as opened:
        yield opened


def measures_told(reader: Reader, metric_id: str | None) -> set[str]:
    wanted = Wanted("alert", ("special_cause",), ENGLAND, metric_id, "mail", "grace@example.org")
    paths = [alert.path for alert in alerts.found(reader, wanted, "local|grace")]
    return {path.removeprefix("/figure/").split(".all.")[0] for path in paths}


FULL_TRUSTS = {f"{OCCUPIED}.{FULL}", f"{OCCUPIED}.{QUIET}"}


@pytest.mark.parametrize(
    ("metric_id", "told"),
    [
        (None, FULL_TRUSTS | {f"{metric_id}.{ENGLAND}" for metric_id in HEADLINES}),
        (OCCUPIED, FULL_TRUSTS),
        (DEATHS, {f"{DEATHS}.{ENGLAND}"}),
    ],
)
def test_full_trusts_are_for_whoever_chose_their_beds_or_everything(
    reader: Reader, metric_id: str | None, told: set[str]
):
    assert measures_told(reader, metric_id) == told
