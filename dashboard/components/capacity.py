"""Capacity pressure: how full each trust is, the fullest first, with a line at the limit."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.components.figure_button import figure_button
from dashboard.components.table import table
from dashboard.figures.bars import share
from dashboard.limits import Limit
from dashboard.queries.capacity import MOST, NEWEST_DAYS
from dashboard.seen import Seen

HEAD = ["Trust", "Taken", "Of all open", "Occupied", "Open", "Days above"]
FIRST = 12
Row = dict[str, Any]


def capacity(seen: Seen, limit: Limit, rows: list[Row]) -> list[Any]:
    """A sentence, the fullest trusts, and the others folded up; rows as `queries.capacity`."""
    if not rows:
        return [
            html.P(
                f"No trust here has reported how many {limit.of} are taken in the "
                f"{NEWEST_DAYS} days before the newest publication."
            )
        ]
    content: list[Any] = [html.P(_told(limit, rows)), _table(seen, limit, rows[:FIRST])]
    if len(rows) > FIRST:
        count = words.counted(len(rows) - FIRST, "other trust", "other trusts")
        others = _table(seen, limit, rows[FIRST:])
        content.append(html.Details([html.Summary(f"Show the {count}"), others]))
    return content


def _told(limit: Limit, rows: list[Row]) -> str:
    above = [row for row in rows if row["days_above"]]
    long = sum(row["days_above"] >= limit.days for row in rows) or "none"
    line = words.share(limit.above)
    count = f"{len(above):,} of {words.counted(len(rows), 'trust', 'trusts')}"
    has = "has" if len(above) == 1 else "have"
    return (
        f"{count} {has} more than {line} of {limit.of} taken, {long} of them for "
        f"{limit.days} days or more. The dark line in each bar stands at {line}."
    )


def _table(seen: Seen, limit: Limit, rows: list[Row]) -> html.Div:
    caption = f"{words.sentence(limit.of).rstrip('.')} taken, the fullest trust first"
    cells = [_row(seen, limit, row) for row in rows]
    return table(caption, HEAD, cells, numeric=(2, 3, 4, 5), is_caption_shown=False)


def _row(seen: Seen, limit: Limit, row: Row) -> list[Any]:
    when = words.day(row["event_date"])
    name = row["area_name"]
    opened = {"figure_id": row["open_figure_id"], "value": row["opened"]}
    return [
        [html.A(name, href=seen.area_link(row["area_id"])), html.Div(when, className="small")],
        html.Img(src=share(row["share"], limit.above), alt="", className="bar-image"),
        words.share(row["share"], limit.above, in_column=True),
        figure_button(row, f"{limit.of} occupied, {name}, {when}"),
        figure_button(opened, f"{limit.of} open, {name}, {when}"),
        f"{MOST} or more" if row["days_above"] >= MOST else f"{row['days_above']:,}",
    ]
