"""Every set in turn, each as its own process: `python -m bench`, or `python -m bench long`."""

import subprocess
import sys
import tempfile

from bench.cost import HOUSE

LONG_DAYS = "400"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="trigpoint-bench-") as home:
        for name, *arguments in _long(home) if sys.argv[1:] == ["long"] else _short(home):
            done = subprocess.run(
                [sys.executable, "-m", f"bench.{name}", *arguments], cwd=HOUSE, check=False
            )
            if done.returncode:
                sys.exit(done.returncode)


def _short(home: str) -> list[list[str]]:
    return [
        ["load"],
        ["decide"],
        ["disclosure"],
        ["start", "--home", home],
        ["read", "--home", home],
        ["sandbox", "--home", home],
        ["pages", "--home", home],
    ]


def _long(home: str) -> list[list[str]]:
    return [
        ["load", "--rows", "10000000", "--runs", "3"],
        ["decide", "--cells", "3000000", "--runs", "1"],
        ["start", "--home", home, "--days", LONG_DAYS],
        ["read", "--home", home],
        ["sandbox", "--home", home],
        ["pages", "--home", home],
    ]


if __name__ == "__main__":
    main()
