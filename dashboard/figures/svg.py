"""Small drawings as SVG text, for images that need no script and print well."""

from base64 import b64encode
from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 160, 36, 3
INK = "#12436d"


def sparkline(values: Sequence[float | None], *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """A line over the values as the data address of an SVG image."""
    drawn = b64encode(small_line(values, width=width, height=height).encode()).decode()
    return f"data:image/svg+xml;base64,{drawn}"


def small_line(values: Sequence[float | None], *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """A line over the values as SVG text, broken where there is none."""
    held = [value for value in values if value is not None]
    low, high = (min(0.0, *held), max(held)) if held else (0.0, 1.0)
    points = [
        None if value is None else _point(place, len(values), value, low, high, width, height)
        for place, value in enumerate(values)
    ]
    body = "".join(_run(run) for run in _runs(points)) + _end(points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{body}</svg>'
    )


def _point(
    place: int, count: int, value: float, low: float, high: float, width: int, height: int
) -> tuple[float, float]:
    across = place / max(count - 1, 1)
    up = (value - low) / ((high - low) or 1.0)
    return (
        round(EDGE + across * (width - 2 * EDGE), 1),
        round(height - EDGE - up * (height - 2 * EDGE), 1),
    )


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _run(points: list[tuple[float, float]]) -> str:
    drawn = " ".join(f"{x},{y}" for x, y in points)
    return (
        f'<polyline points="{drawn}" fill="none" stroke="{INK}" stroke-width="1.5" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _end(points: Sequence[tuple[float, float] | None]) -> str:
    if not points or points[-1] is None:
        return ""
    x, y = points[-1]
    return f'<circle cx="{x}" cy="{y}" r="2.5" fill="{INK}"/>'
