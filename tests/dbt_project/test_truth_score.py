"""What the truth score asks for, on one short run: mistakes are held, and what is right is not."""

import numpy as np
import pytest

from bench.truth.faults import KINDS, PUT_ASIDE
from bench.truth.report import best
from bench.truth.run import Run, runs
from store.paths import Home

pytestmark = pytest.mark.long
DAYS, SEED = 160, 1
LOOKED_AT = [kind for kind in KINDS if kind.name not in PUT_ASIDE]


@pytest.fixture(scope="module")
def scored(empty_home: Home) -> list[Run]:
    return runs(empty_home, LOOKED_AT, DAYS, [SEED])


def test_catastrophic_files_are_held_before_they_are_published(scored: list[Run]):
    harmful = [file for run in scored for file in run.files if file.harm]
    held = [file for file in harmful if file.breakers]
    assert len(harmful) >= 10
    assert len(held) >= 0.8 * len(harmful)


def test_files_without_a_mistake_are_let_through(scored: list[Run]):
    wrongly = [file for run in scored for file in run.files if file.breakers and not file.episode]
    assert len(wrongly) <= sum(int((~run.is_faulty).sum()) for run in scored) / 100


def test_what_is_shown_is_no_further_from_the_truth_than_the_best_source(scored: list[Run]):
    for run in scored:
        shown = run.authorities["shown"][~run.is_faulty]
        luckiest = run.authorities[best([run], "authorities")][~run.is_faulty]
        assert np.mean(shown) <= 1.05 * np.mean(luckiest)
