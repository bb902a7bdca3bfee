from pathlib import Path

import pytest

from store.paths import drafted


def test_a_failure_half_way_leaves_what_was_there_before(tmp_path: Path):
    target = tmp_path / "current"
    target.write_text("before")
    with pytest.raises(ZeroDivisionError), drafted(target) as draft:
        draft.write_text(str(1 / 0))
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_a_draft_never_looks_like_the_file_it_becomes(tmp_path: Path):
    with drafted(tmp_path / "rows.parquet") as draft:
        draft.write_text("rows")
        assert not list(tmp_path.glob("*.parquet"))
    assert (tmp_path / "rows.parquet").read_text() == "rows"
