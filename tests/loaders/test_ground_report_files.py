"""What a correction may say at all: the loader looks once more, whoever wrote the file."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from loaders import contract
from loaders.documents import open_document
from loaders.sources import ground_reports

(GIVEN,) = csv.DictReader(io.StringIO(ground_reports.SAMPLE))


def taken_in(tmp_path: Path, **changes: Any) -> contract.Checked:
    path = tmp_path / ground_reports.SAMPLE_NAME
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ground_reports.COLUMNS)
        writer.writeheader()
        writer.writerow(GIVEN | changes)
    reading = ground_reports.read(open_document(path, path.name))
    (schema,), stated = ground_reports.SOURCE.tables.values(), reading.published_at.moment
    return contract.check(reading.tables["corrections"], schema, path.name, stated)


@pytest.mark.parametrize(
    "changes",
    [{}, {"value": "0"}, {"value": "-2", "guard_value": "-9"}, {"says": "expired", "value": ""}],
)
def test_what_a_figure_can_be_is_taken_in(tmp_path: Path, changes: dict[str, str]):
    assert taken_in(tmp_path, **changes).kept.height == 1


@pytest.mark.parametrize(
    "changes",
    [{"value": "-5"}, {"value": "-5", "guard_value": ""}, {"value": "27.4"}, {"value": "1e-7"}],
)
def test_what_nobody_can_count_is_set_aside(tmp_path: Path, changes: dict[str, str]):
    checked = taken_in(tmp_path, **changes)
    assert (checked.kept.height, checked.quarantined.height) == (0, 1)
