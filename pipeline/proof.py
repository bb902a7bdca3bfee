"""The proof of disclosure control: what a release hides, why, and what can be told of it.

For the data protection officer alone: the intervals say more than any reader is shown, so they
stand in a file beside the release and in none that a reader opens.
"""

from pathlib import Path

from pipeline.questions import FORMATS, print_rows, write_rows
from pipeline.terminal import line
from store import releases
from store.disclosure import proof
from store.disclosure import summary as summaries
from store.errors import WrongUse
from store.paths import Home


def prove(home: Home, release_id: str | None, form: str, output: Path | None) -> None:
    """Print a summary, or every cell that does not show its number.

    Raises `NoRelease` or `ReleaseGone` where there is no such release.
    """
    if form not in FORMATS:
        raise WrongUse(f"--format {form} is not known; choose one of {', '.join(FORMATS)}")
    release = releases.one_kept(home, release_id) if release_id else releases.current(home)
    cells = proof.read(releases.folder(home, release.release_id))
    if form != "table" or output is not None:
        write_rows(cells, form, output)
        return
    line(f"Release {release.release_id}: {cells.height:,} figures do not show their number.")
    for metric, rule in (release.guarded or {}).items():
        line(f"{metric}: {'hidden outside its area' if rule == 'hidden' else rule}.")
    for told in left_out(release):
        line(told)
    print_rows(summaries.summary(cells).drop("rule", "stage"))


def left_out(release: releases.Release) -> list[str]:
    """A sentence for each metric of which days are not shown at all, and where the cells stand."""
    named = "`trigpoint disclosure --format csv` names the cells"
    return [f"{told}; {named}." for told in summaries.left_out(release)]
