"""Bars as SVG images for the cells of a table: a share beside its limit, the parts of a change."""

from dashboard.figures.svg import INK, address

WIDTH, HEIGHT = 200, 20
RISES, FALLS, WORSE, FAINT = INK, "#6bace6", "#a1173a", "#e3e8ee"


def share(value: float, limit: float) -> str:
    """A share of the whole as a bar from 0 to 100 per cent, with a line at its limit.

    A bar above the limit has another colour; the number beside it says so too.
    """
    room = max(1.0, value)
    colour = WORSE if value > limit else INK
    line = round(WIDTH * limit / room, 1)
    body = (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{FAINT}"/>'
        f'<rect y="3" width="{WIDTH * value / room:.1f}" height="{HEIGHT - 6}" fill="{colour}"/>'
        f'<path d="M{line} 0V{HEIGHT}" stroke="#ffffff" stroke-width="4"/>'
        f'<path d="M{line} 0V{HEIGHT}" stroke="#0b1f33" stroke-width="2"/>'
    )
    return address(body, WIDTH, HEIGHT)


def waterfall(amounts: list[float]) -> list[str]:
    """The parts of a difference, each from where the one before ended; the whole comes first.

    All are drawn to one scale, and a thin line marks where nothing has changed.
    """
    steps, reached = [], 0.0
    for amount in amounts:
        steps.append((reached, reached + amount))
        reached += amount
    low = min(0.0, *(min(step) for step in steps))
    high = max(0.0, *(max(step) for step in steps))
    return [_step(start, end, low, high) for start, end in [(0.0, reached), *steps]]


def _step(start: float, end: float, low: float, high: float) -> str:
    zero, left, right = (_across(at, low, high) for at in (0.0, min(start, end), max(start, end)))
    colour = RISES if end >= start else FALLS
    body = (
        f'<path d="M{zero} 0V{HEIGHT}" stroke="#7b8896"/>'
        f'<rect x="{left}" y="3" width="{max(right - left, 1):.1f}" height="{HEIGHT - 6}" '
        f'fill="{colour}"/>'
    )
    return address(body, WIDTH, HEIGHT)


def _across(at: float, low: float, high: float) -> float:
    return round(1 + (WIDTH - 2) * (at - low) / ((high - low) or 1.0), 1)
