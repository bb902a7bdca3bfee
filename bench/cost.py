"""What work costs: a child process does it, is waited for, and is charged by the operating system.

CPU seconds say more than wall time on a machine that others use too. A child measures its own work
without the start of Python and its libraries; its peak memory includes them. This module stays
slim on purpose: a child begins with the peak memory of the process that started it.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HOUSE = Path(__file__).parents[1]
KILOBYTES_IN_A_MEGABYTE = 1024


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds of the work alone, start-up seconds, and peak MB of the whole child."""

    cpu_s: float
    wall_s: float
    start_s: float
    peak_mb: float


@contextmanager
def work() -> Iterator[None]:
    """In a child: charge what is inside to the work, and print it for the parent."""
    cpu, wall = _cpu(), time.perf_counter()
    yield
    print(json.dumps({"cpu_s": _cpu() - cpu, "wall_s": time.perf_counter() - wall}))


def cost_of(module: str, *arguments: str | Path) -> Cost:
    """Run `python -m module arguments`, whose work is inside `work()`, and wait for it."""
    child = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)], cwd=HOUSE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{module} {' '.join(map(str, arguments))} ended with {child.returncode}")
    told = json.loads(printed.splitlines()[-1])
    start = usage.ru_utime + usage.ru_stime - told["cpu_s"]
    return Cost(told["cpu_s"], told["wall_s"], start, usage.ru_maxrss / KILOBYTES_IN_A_MEGABYTE)


def medians(ways: Mapping[str, tuple[str | Path, ...]], runs: int) -> dict[str, Cost]:
    """The median cost of each way (a module and its arguments), all ways in turn, `runs` times."""
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, (module, *arguments) in ways.items():
            costs[name].append(cost_of(str(module), *arguments))
    return {name: _median(measured) for name, measured in costs.items()}


def table(title: str, costs: Mapping[str, Cost], bare: str) -> str:
    """Costs as a Markdown table, as ratios to the CPU seconds of the way named `bare`."""
    lines = [f"| {title} | ratio | CPU s | wall s | peak MB |", "|---|---|---|---|---|"]
    for name, cost in costs.items():
        ratio = cost.cpu_s / costs[bare].cpu_s
        lines.append(
            f"| {name} | {ratio:.2f} | {cost.cpu_s:.2f} | {cost.wall_s:.2f} | {cost.peak_mb:,.0f} |"
        )
    return "\n".join(lines)


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in vars(costs[0])))


def _cpu() -> float:
    """CPU seconds of this process and of the children that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
