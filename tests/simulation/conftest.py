"""One simulated England for all tests of this room, and its files on disk."""

from pathlib import Path

import pytest

from simulation.arrivals import Arrivals, arrive
from simulation.england import Truth, simulate
from simulation.write import Manifest, write_england

DAYS, SEED = 60, 2020


@pytest.fixture(scope="session")
def truth() -> Truth:
    return simulate(DAYS, SEED)


@pytest.fixture(scope="session")
def arrivals(truth: Truth) -> Arrivals:
    return arrive(truth)


@pytest.fixture(scope="session")
def long_arrivals() -> Arrivals:
    """Up to 29 September 2020: every layout and every definition."""
    return arrive(simulate(212, SEED))


@pytest.fixture(scope="session")
def england_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("england") / "simulated"


@pytest.fixture(scope="session")
def manifest(england_folder: Path) -> Manifest:
    return write_england(england_folder, DAYS, SEED)
