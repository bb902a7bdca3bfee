"""What the runs came to, as tables to read: errors, what was held, false holds, and every miss."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bench.truth.episodes import Episode
from bench.truth.publishers import PUBLISHERS
from bench.truth.run import NEWEST, Judged, Run
from bench.truth.score import Errors


def report(title: str, runs: Sequence[Run]) -> str:
    """Everything that is told of a group of runs, in Markdown."""
    return "\n\n".join(
        [f"## {title}", errors_table(runs), held_table(runs), false_holds(runs), misses(runs)]
    )


def errors_table(runs: Sequence[Run]) -> str:
    """Mean absolute errors on faultless and on faulty days: shown, single sources, the newest.

    The best single source is the one of each metric that came out best over all draws; the luckiest
    is chosen anew for each draw, and some draws hold one that made hardly a mistake.
    """
    lines = [
        "| mean absolute error, people a cell | days | shown | best single source | luckiest of "
        "each draw | newest wins | shown / best | shown / luckiest |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for areas in ("authorities", "england"):
        for is_faulty in (False, True):
            lines.append(_errors_row(runs, areas, is_faulty))
    return "\n".join(lines)


def _errors_row(runs: Sequence[Run], areas: str, is_faulty: bool) -> str:
    ways: dict[str, Callable[[Run], str]] = {
        "shown": lambda _: "shown",
        "best": lambda run: best([one for one in runs if one.metric_id == run.metric_id], areas),
        "luckiest": lambda run: best([run], areas),
        "newest": lambda _: NEWEST,
    }
    of = {
        name: np.concatenate(
            [getattr(run, areas)[way(run)][run.is_faulty == is_faulty] for run in runs]
        )
        for name, way in ways.items()
    }
    days = "faulty days" if is_faulty else "faultless days"
    means = [f"{errors.mean():,.3f}" for errors in of.values()]
    ratios = [_ratio(of["shown"], of[name]) for name in ("best", "luckiest")]
    return f"| {areas}, {days} | {of['shown'].size:,} | {' | '.join([*means, *ratios])} |"


def _errors(runs: Sequence[Run], areas: str, way: Callable[[Run], str], is_faulty: bool) -> Errors:
    return np.concatenate(
        [getattr(run, areas)[way(run)][run.is_faulty == is_faulty] for run in runs]
    )


def best(runs: Sequence[Run], areas: str) -> str:
    """The single publisher with the least error over all evenings, known only afterwards."""

    def error(name: str) -> float:
        return float(np.concatenate([getattr(run, areas)[name] for run in runs]).mean())

    return min((publisher.name for publisher in PUBLISHERS), key=error)


def _ratio(shown: Errors, other: Errors) -> str:
    return f"{shown.mean() / other.mean():.3f}" if other.size and other.mean() else "-"


def held_table(runs: Sequence[Run]) -> str:
    """By kind of mistake: files and faults, how many were catastrophic, held and rightly named."""
    lines = [
        "| kind | files | held | catastrophic | held | named rightly | faults | held throughout |",
        "|---|---|---|---|---|---|---|---|",
    ]
    wrong = [judged for judged in _files(runs) if judged.episode]
    kinds = sorted({_episode(judged).kind.name for judged in wrong})
    for kind in kinds:
        of_kind = [judged for judged in wrong if _episode(judged).kind.name == kind]
        lines.append(f"| {kind} | {_counts(of_kind)} |")
    lines.append(f"| **all** | {_counts(wrong)} |")
    harmful = [judged for judged in wrong if judged.harm]
    share = _share(len([judged for judged in harmful if judged.breakers]), len(harmful))
    return "\n".join(lines) + f"\n\nOf catastrophic files, held before publishing: **{share}**."


def _counts(wrong: Sequence[Judged]) -> str:
    held = [judged for judged in wrong if judged.breakers]
    harmful = [judged for judged in wrong if judged.harm]
    harmful_held = [judged for judged in harmful if judged.breakers]
    named = [judged for judged in held if judged.is_named_rightly]
    faults = {(id(_episode(judged))) for judged in harmful}
    slipped = {(id(_episode(judged))) for judged in harmful if not judged.breakers}
    return (
        f"{len(wrong)} | {len(held)} | {len(harmful)} | {len(harmful_held)} "
        f"| {_share(len(named), len(held))} | {len(faults)} | {len(faults - slipped)}"
    )


def false_holds(runs: Sequence[Run]) -> str:
    """Files without a mistake that were held, and how many that is for 100 faultless days."""
    wrongly = [
        f"- {run.metric_id}, seed {run.seed}, day {judged.day}: "
        f"{judged.publisher}, {', '.join(sorted(judged.breakers))}" + _at_the_same_time(run, judged)
        for run in runs
        for judged in run.files
        if judged.episode is None and judged.breakers
    ]
    days = sum(int((~run.is_faulty).sum()) for run in runs)
    rate = f"{len(wrongly) / days * 100:.2f}" if days else "-"
    head = f"False holds: {len(wrongly)}, or **{rate} for 100 faultless days** ({days:,} of them)."
    return "\n".join([head, *wrongly])


def misses(runs: Sequence[Run]) -> str:
    """Every catastrophic file that was not held, with its cause."""
    missed = [
        f"- {run.metric_id}, seed {run.seed}, day {judged.day}: "
        f"{judged.publisher}, {_episode(judged).kind.name} since "
        f"{_episode(judged).begun}, {judged.harm}: {cause(run, judged)}"
        for run in runs
        for judged in run.files
        if judged.harm and not judged.breakers
    ]
    return "\n".join([f"Missed: {len(missed)} catastrophic files.", *missed])


def cause(run: Run, missed: Judged) -> str:
    """Why nothing held a file: what was asked, and who was wrong at the same time."""
    day = missed.day
    reasons = [missed.nearest]
    if 0 <= day - run.widened_on <= 15:
        reasons.append("an announced change was less than a fortnight ago, and is learned anew")
    return "; ".join(reasons) + _at_the_same_time(run, missed)


def _at_the_same_time(run: Run, judged: Judged) -> str:
    """Which other publishers made mistakes in the week before."""
    day = judged.day
    wrong = {
        f"{other.publisher} ({_episode(other).kind.name})"
        for other in run.files
        if other.episode and other.publisher != judged.publisher and day - 7 < other.day <= day
    }
    return f"; within a week before: {', '.join(sorted(wrong))}" if wrong else ""


def _files(runs: Iterable[Run]) -> list[Judged]:
    return [judged for run in runs for judged in run.files]


def _episode(judged: Judged) -> Episode:
    episode = judged.episode
    assert episode is not None
    return episode


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"
