"""What stands on the sheet of Today: the answers of the page in words, with nothing added."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard import sentences, spoken, words
from dashboard.asked import moment_in_words
from dashboard.briefing import Briefing
from dashboard.components import cards
from dashboard.components import trend as page_trend
from dashboard.components.figure_button import text
from dashboard.components.table import MEANINGS
from dashboard.figures import line, printed, svg
from dashboard.paper.printable import printable
from dashboard.queries import trend as queries
from dashboard.queries.special_causes import MOST
from dashboard.seen import Seen
from store.passport import HIDDEN

# What a sheet has room for; the page has it all.
MOST_DATES, MOST_DISPUTES, MOST_FILES = 7, 3, 4
SPARK_WIDTH, SPARK_HEIGHT = 160, 24
AS_IT_IS = ("drawing", "address")
TROUBLES = {"late": "late", "refused": "newest file refused"}
Row = dict[str, Any]


def told(seen: Seen, known: Briefing, metric: Row | None, site: str) -> Row:
    """Everything that the template prints; `site` is where readers reach the pages."""
    heading = f"Today in {words.place(known.area['area_name'])}"
    cards_ = [_card(seen, row, known, site) for row in known.heads]
    drawn = _trend(seen, metric, known) if metric else None
    disputes = _disputes(known)
    marks = [*(card["mark"] for card in cards_), *(drawn["marks"] if drawn else [])]
    sheet = {
        "title": f"{heading} \u2013 Trigpoint",
        "heading": heading,
        "bands": _bands(seen),
        "sentences": [[_part(seen, one, site) for one in sentence] for sentence in known.told],
        "cards": cards_,
        "trend": drawn,
        "disputes": disputes,
        "arrivals": _arrivals(known),
        "marks": _meanings([*marks, *disputes["marks"]]),
        "address": _address(seen, known, site),
        "points": str(MOST),
        **_release(seen),
    }
    return {key: _as_printed(value, key) for key, value in sheet.items()}


def _release(seen: Seen) -> Row:
    """From which release this is, and as known when."""
    at = seen.reader.release.released_at.replace(second=0, microsecond=0)
    return {
        "release": f"Release {seen.reader.release.release_id}, published {words.moment(at)}.",
        "known": f"As known at {moment_in_words(seen.asked.as_of or at)}.",
        "published": [at.year, at.month, at.day],
    }


def _as_printed(part: Any, name: str = "") -> Any:
    """The same with every text in characters that the fonts have; drawings and addresses do."""
    if isinstance(part, dict):
        return {key: _as_printed(value, key) for key, value in part.items()}
    if isinstance(part, list):
        return [_as_printed(one, name) for one in part]
    return printable(part) if isinstance(part, str) and name not in AS_IT_IS else part


def _address(seen: Seen, known: Briefing, site: str) -> str:
    """The page as it is now, to be opened on the same numbers later."""
    asked = seen.asked
    dates = {"from": asked.start, "to": asked.end}
    chosen = {name: day.isoformat() for name, day in dates.items() if day}
    here = {"area": known.area["area_id"], "measure": asked.measure}
    return site + seen.link("/", **here, **chosen, **_fixed(seen))


def _fixed(seen: Seen) -> dict[str, str]:
    """What makes an address open on the numbers of the sheet, whatever is shown by then."""
    is_fixed = seen.asked.as_of or seen.asked.release
    return {} if is_fixed else {"release": seen.reader.release.release_id}


def _figure_address(seen: Seen, figure_id: str, site: str) -> str:
    return site + seen.link(f"/figure/{figure_id}", **_fixed(seen))


def _bands(seen: Seen) -> list[str]:
    """What has to be known before anything is believed."""
    bands = []
    if seen.reader.release.is_simulated:
        bands.append("Simulated England: invented numbers.")
    if seen.asked.replay:
        bands.append(f"Replay of a data day ({seen.asked.replay}), not what is published now.")
    if seen.asked.as_of:
        moment = moment_in_words(seen.asked.as_of)
        bands.append(f"This is the data as it was known at {moment}.")
    elif seen.asked.release:
        bands.append(f"This is what was shown by release {seen.asked.release}.")
    return bands


def _part(seen: Seen, part: spoken.Part, site: str) -> Row:
    if isinstance(part, str):
        return {"text": part, "address": None}
    if isinstance(part, spoken.Way):
        return {
            "text": part.text,
            "address": site + seen.link(part.path, view=part.view, **_fixed(seen)),
        }
    address = _figure_address(seen, part.row["figure_id"], site)
    return {"text": spoken.shown(part), "address": address}


def _card(seen: Seen, row: Row, known: Briefing, site: str) -> Row:
    run = known.runs.get(row["metric_id"], [])
    drawing = svg.small_line(run, width=SPARK_WIDTH, height=SPARK_HEIGHT)
    arrow, change, judged = cards.change(row)
    return {
        "name": row["metric_name"],
        "figure": text(row),
        "mark": words.mark_of(row),
        "address": _figure_address(seen, row["figure_id"], site),
        "when": _capital(words.period(row["event_date"], row["grain"])),
        "change": f"{arrow} {change}".strip(),
        "judged": judged,
        "drawing": drawing,
        "run": cards.run_in_words(run, row),
        "state": [words.status(row["status"], row["sources_reporting"]), *cards.filling(row)],
    }


def _trend(seen: Seen, metric: Row, known: Briefing) -> Row | None:
    asked, area = seen.asked, known.area
    points = queries.trend(
        seen.reader, metric["metric_id"], area["area_id"], asked.start, asked.end
    )
    said = page_trend.in_words(seen, metric, area, points)
    shown: Row = {"finding": said.finding, "about": said.about, "chart": None, "marks": []}
    if points["value"].null_count() == points.height:
        return shown
    points = points.with_columns(is_hidden=pl.col("missing_reason").is_in(HIDDEN).fill_null(False))
    step_days = page_trend.STEP.get(metric["grain"], 1)
    has_range = line.has_range(points)
    rows = points.tail(MOST_DATES).to_dicts()
    table = [page_trend.head(points, metric), *(_date(row, points, metric) for row in rows)]
    return shown | {
        "chart": {
            "drawing": printed.trend(points.to_dicts(), step_days=step_days),
            "summary": said.summary,
        },
        "key": [[style, name] for style, name in page_trend.key(points, metric)],
        "note": page_trend.ranges_in_words(seen, metric, area) if has_range else None,
        # A line for each thing that is known of any of these dates, the dates side by side.
        "lines": [list(told) for told in zip(*table, strict=True) if any(told[1:])],
        "marks": [words.mark_of(row) for row in rows],
    }


def _date(row: Row, points: pl.DataFrame, metric: Row) -> list[str]:
    value = text(row | {"decimals": metric["decimals"]}) if row["figure_id"] else "not available"
    day = row["event_date"]
    return [
        f"{day.day} {day:%B}",
        _marked(value, words.mark_of(row)),
        *page_trend.beside(row, points, metric),
    ]


def _disputes(known: Briefing) -> Row:
    disputed, explained = known.counts["disputed"], known.counts["explained"]
    rows = known.disputes[:MOST_DISPUTES]
    return {
        "told": sentences.disputes(disputed, explained, known.area["area_name"]),
        "rows": [_dispute(row) for row in rows],
        "marks": [words.mark_of(row) for row in rows],
        "more": _more(len(known.disputes) - len(rows), "other difference", "other differences"),
    }


def _dispute(row: Row) -> list[str]:
    used, other = (row | {"value": row[name]} for name in ("value", "other_value"))
    state = words.status(row["status"], row["sources_reporting"])
    when = words.period(row["event_date"], row["grain"])
    gap = words.number(abs(row["other_value"] - row["value"]), row["decimals"])
    return [
        f"{row['metric_name']}, {when}. {state}.",
        f"{_marked(text(used), words.mark_of(row))} {row['publisher'] or row['source_id']}",
        f"{text(other)} {row['other_publisher'] or row['other_source_id']}",
        gap,
    ]


def _arrivals(known: Briefing) -> Row:
    """Sources in trouble and files held, each in a line."""
    lines = [f"Held since {moment_in_words(row['since'])}: {row['sentence']}" for row in known.held]
    trouble = [row for row in known.sources if row["state"] in TROUBLES]
    lines += [f"{row['title']}: {TROUBLES[row['state']]}{_newest(row)}." for row in trouble]
    return {
        "told": sentences.sources([row["state"] for row in known.sources]),
        "lines": lines[:MOST_FILES],
        "more": _more(len(lines) - MOST_FILES, "other", "others"),
    }


def _newest(row: Row) -> str:
    return f"; newest file {words.moment(row['published_at'])}" if row["published_at"] else ""


def _more(count: int, one: str, many: str) -> str | None:
    return f"And {words.counted(count, one, many)} on the page." if count > 0 else None


def _meanings(marks: Sequence[str]) -> str | None:
    used = [f"[{mark}] {told}" for mark, told in MEANINGS.items() if mark in marks]
    return f"{'; '.join(used)}." if used else None


def _marked(value: str, mark: str) -> str:
    return f"{value} [{mark}]" if mark else value


def _capital(words_: str) -> str:
    return words_[:1].upper() + words_[1:]
