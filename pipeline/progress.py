"""Progress on long work: a bar a step on a terminal, a line a step elsewhere."""

import sys
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column


class Steps:
    """The steps of one command; used as a context so that bars end when the work does."""

    def __init__(self, *, quiet: bool) -> None:
        self._progress = Progress(
            TextColumn("[bold]{task.description}", table_column=Column(min_width=8)),
            BarColumn(bar_width=24, table_column=Column(min_width=24)),
            TextColumn("{task.percentage:>3.0f}%", table_column=Column(min_width=4)),
            TimeElapsedColumn(table_column=Column(min_width=7)),
            TextColumn("{task.fields[doing]}", table_column=Column(no_wrap=True, ratio=1)),
            console=Console(stderr=True),
            disable=quiet or not sys.stderr.isatty(),
        )
        self._quiet = quiet

    def __enter__(self) -> "Steps":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
        if not self._progress.console.is_terminal:
            self._say_ended()

    def load(self) -> Callable[[str, str, int, int], None]:
        """For the intake: source, what became of a file, files done, files in all."""
        tasks: dict[str, TaskID] = {}

        def follow(source: str, doing: str, done: int, total: int) -> None:
            if source not in tasks:
                tasks[source] = self._task("Load", total)
            self._progress.update(
                tasks[source], completed=done, total=total, doing=f"{source}  {doing}"
            )

        return follow

    def count(self, name: str) -> Callable[[int, int, str], None]:
        """For steps that count parts: the part's place, how many there are, its name."""
        task: list[TaskID] = []

        def follow(place: int, total: int, doing: str) -> None:
            if not task:
                task.append(self._task(name, total))
            self._progress.update(
                task[0], completed=place, total=total, doing="" if place == total else doing
            )

        return follow

    def share(self, name: str) -> Callable[[str, float], None]:
        """For steps that know their share: what is being done, and how much of it is (0 to 1)."""
        task = self._task(name, 1)

        def follow(doing: str, done: float) -> None:
            self._progress.update(task, completed=done, doing="" if done >= 1 else doing)

        return follow

    def _say_ended(self) -> None:
        """Where nobody watches a bar, a line for each step that ended says enough."""
        for task in [] if self._quiet else self._progress.tasks:
            if not task.completed:
                continue
            part = f" {task.fields['doing'].split('  ')[0]}" if task.fields["doing"] else ""
            print(
                f"{task.description}{part}: {task.completed:g} of {task.total:g}", file=sys.stderr
            )

    def _task(self, name: str, total: float) -> TaskID:
        return self._progress.add_task(name, total=total, doing="")
