"""`make screenshots`: pictures of every page for every role, on simulated and on real data.

They go to a folder with a contact sheet, the few that README and docs show to docs/pictures. What a
script can see is wrong on them is listed at the end, and then the exit code is 1.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from tests.pictures.chosen import keep
from tests.pictures.filled import REAL, REAL_FILES, ROOT, SIMULATED, Data, home_of
from tests.pictures.sheet import Taken, write_sheet
from tests.pictures.taking import Wanted, take

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = (
    "No picture can be taken: there is no Chromium here. Install it (Debian: apt-get install "
    "chromium), or name one with TRIGPOINT_CHROMIUM=/path/to/chromium."
)
NO_REAL_FILES = (
    "There are no published files in ../shared/data, so there are pictures of the simulated "
    "England alone, and those of real data in docs/pictures stay as they are."
)


def main() -> None:
    options = _options()
    wanted = [one for one in (SIMULATED, REAL) if options.data in {one.name, "both"}]
    if REAL in wanted and not REAL_FILES.is_dir():
        print(NO_REAL_FILES)
        wanted.remove(REAL)
    taken = _taken(wanted, options.build, Wanted(options.role, options.only))
    sheet = write_sheet(options.build / "screenshots", taken)
    print(f"{len(taken)} pictures: {sheet}")
    wrong = [f"{one.data}, {one.role}, {one.name}: {said}" for one in taken for said in one.faults]
    wrong += keep(options.build / "screenshots", options.keep)
    print("\n".join(wrong) or "Nothing is wrong that a script can see.")
    sys.exit(1 if wrong else 0)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    options.add_argument("--data", choices=("both", "simulated", "real"), default="both")
    options.add_argument("--role", default="", help="pictures of this role alone")
    options.add_argument("--only", default="", help="pictures whose name begins like this")
    options.add_argument("--build", type=Path, default=ROOT / "build", help="all pictures, homes")
    options.add_argument("--keep", type=Path, default=ROOT / "docs" / "pictures")
    return options.parse_args()


def _taken(every: list[Data], build: Path, wanted: Wanted) -> list[Taken]:
    taken: list[Taken] = []
    with sync_playwright() as playwright:
        browser = _browser(playwright.chromium)
        for data in every:
            print(f"Pictures of {data.name} data", flush=True)
            home = home_of(data, build / "homes")
            for one in take(browser, data, home, build / "screenshots", wanted):
                taken.append(one)
                told = "".join(f"\n      {fault}" for fault in one.faults)
                print(f"  {len(taken)}. {one.role}: {one.name}{told}", flush=True)
        browser.close()
    return taken


def _browser(chromium: object) -> Browser:
    named = os.environ.get("TRIGPOINT_CHROMIUM") or next(
        filter(None, map(shutil.which, CHROMIUM)), None
    )
    try:
        return chromium.launch(
            executable_path=named,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env=os.environ | {"LANGUAGE": "en_GB"},  # how a browser writes the empty date
        )
    except Error:
        sys.exit(NO_CHROMIUM)


if __name__ == "__main__":
    main()
