"""Small drawings as SVG text, for images that need no script and print well."""

from base64 import b64encode
from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 160, 36, 3
INK = "#12436d"


def sparkline(
    values: Sequence[float | None],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    ink: str = INK,
) -> str:
    """A line over the values as the data address of an SVG image."""
    return encoded(small_line(values, width=width, height=height, ink=ink))


def small_line(
    values: Sequence[float | None],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    ink: str = INK,
) -> str:
    """A line over the values as SVG text, broken where there is none."""
    held = [value for value in values if value is not None]
    low, high = (min(0.0, *held), max(held)) if held else (0.0, 1.0)
    points = [
        None if value is None else _point(place, len(values), value, low, high, width, height)
        for place, value in enumerate(values)
    ]
    body = "".join(_run(run, ink) for run in _runs(points)) + _end(points, ink)
    return image(body, width, height)


def address(body: str, width: int, height: int) -> str:
    """An SVG image as a data address; `body` is what is drawn."""
    return encoded(image(body, width, height))


def image(body: str, width: int, height: int) -> str:
    """An SVG image as text."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{body}</svg>'
    )


def encoded(svg: str) -> str:
    """The data address of an image."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


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


def _run(points: list[tuple[float, float]], ink: str) -> str:
    drawn = " ".join(f"{x},{y}" for x, y in points)
    return (
        f'<polyline points="{drawn}" fill="none" stroke="{ink}" stroke-width="1.5" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _end(points: Sequence[tuple[float, float] | None], ink: str) -> str:
    if not points or points[-1] is None:
        return ""
    x, y = points[-1]
    return f'<circle cx="{x}" cy="{y}" r="2.5" fill="{ink}"/>'
