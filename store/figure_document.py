"""The whole passport of a figure as one plain document: what page, JSON and command line show.

Keys keep their meaning in every document; one whose release is pruned has fewer of them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from store import passport
from store.citations import PREFIX, Citation, parse
from store.errors import ReleaseGone, TrigpointError, WrongUse
from store.moments import written
from store.reader import Reader

# Opens the release named, else the current one, at a past moment, else now.
Opened = Callable[[datetime | None, str | None], Reader]
Row = dict[str, Any]

VALUE = ("value", "lower", "upper", "missing_reason")
SAID = (*VALUE, "source_id", "status")
STATES = ("is_provisional", "is_corrected")
EXPECTED = (
    "expected_low",
    "expected_high",
    "expected_low_80",
    "expected_high_80",
    "past_ranges",
    "past_held",
)
FIGURE = (
    *VALUE,
    "unit",
    "decimals",
    "status",
    "explained_by",
    "explanation",
    *("correction_id", "correction_reason", "correction_author", "correction_expires_on"),
    "sources_reporting",
    "gap",
    "first_value",
    "revisions",
    "known_from",
    *STATES,
    "is_listed",
    "awaits_decision",
    "disagreed_from",
)
DEFINITION = (
    *("metric_name", "definition", "not_counted", "grain", "cumulative_of", "usual_lag_days"),
    "owner",
)
PLACE = ("file_sha256", "file_name", "file_row")
FILE = (
    *PLACE,
    "sheet_name",
    "url",
    "published_at",
    "published_precision",
    "published_basis",
    "landed_at",
)
RULE = ("rule_id", "rule_reason", "agreed_by", "agreed_on", "stands_in_for")
SOURCE = ("source_id", "source_title", "publisher")
CLAIM = (
    *(*SOURCE, "rank", *VALUE, "published_at", "counts_from", "landed_at"),
    *(*PLACE, "sheet_name", "is_used"),
)
CLOCKS = ("event_date", "published_at", "landed_at", "known_from", "known_to")
VERSION = ("version", *SAID, "publisher", "change", *CLOCKS, "file_sha256", "file_row")
RELATED = ("figure_id", "metric_id", "metric_name", "definition", *SAID, "publisher")


def document(opened: Opened, named: str, as_of: datetime | None = None) -> Row:
    """Everything behind a figure by its id, or behind the number that a citation names.

    Times are naive UTC, values in the unit of the measure. Raises `WrongUse` for a citation that
    is malformed and for what no release knows, `TrigpointError` for what was not known by then.
    """
    if not named.strip().startswith(PREFIX):
        return _whole(opened(as_of, None), named.strip())
    citation = parse(named)
    if as_of is not None:
        raise WrongUse("a citation names its own release; ask it without a moment")
    try:
        return _whole(opened(None, citation.release_id), citation.figure_id)
    except ReleaseGone as gone:
        return from_record(opened(None, None), citation.figure_id, gone)


def from_record(reader: Reader, figure_id: str, gone: ReleaseGone) -> Row:
    """What the record says that a release showed that is gone: the number, nothing behind it.

    Raises `WrongUse` when the record does not name the release or the figure.
    """
    if passport.cell(figure_id) is None:
        raise WrongUse(f"{gone}, and {figure_id} is no figure")
    rows = passport.shown_by(reader, figure_id, gone.release_id).to_dicts()
    if not rows:
        raise WrongUse(
            f"release {gone.release_id} is neither kept here nor on the record of what was shown"
        )
    if rows[0]["figure_id"] is None:
        raise WrongUse(f"{gone}, and by the record it showed no figure {figure_id}")
    figure_id = rows[0]["figure_id"]
    return {
        "citation": str(Citation(figure_id, gone.release_id)),
        "figure_id": figure_id,
        "cell": passport.cell(figure_id),
        "release": {"release_id": gone.release_id, "is_kept": False},
        "sentence": f"{str(gone).capitalize()}, so what stood behind the number is out of reach; "
        "this is what the record says that it showed.",
        "figure": _picked(rows[0], *SAID, *STATES),
        "shown": [_picked(row, "shown_from", "shown_to") for row in rows],
    }


def _whole(reader: Reader, figure_id: str) -> Row:
    figure = passport.figure(reader, figure_id)
    if figure is None:
        raise _absent(reader, figure_id)
    claims = [_claim(claim, figure) for claim in passport.claims(reader, figure_id).to_dicts()]
    return {
        **_heading(reader, figure),
        "figure": _picked(figure, *FIGURE),
        "definition": _picked(figure, *DEFINITION),
        "winner": _picked(figure, *SOURCE, "licence"),
        "rule": _picked(figure, *RULE),
        "file": _picked(figure, *FILE),
        "claims": claims,
        "versions": _versions(reader, figure_id),
        "related": [
            _picked(row, *RELATED) | {"gap": _less(row["value"], figure["value"])}
            for row in passport.related(reader, figure_id).to_dicts()
        ],
        "events": passport.events(reader, figure_id).to_dicts(),
        "agreement_id": figure["agreement_id"],
        "disclosure": {
            **figure["disclosure"],
            "is_hidden": figure["missing_reason"] in passport.HIDDEN,
            "missing_reason": figure["missing_reason"],
        },
        "expected": _picked(figure, *EXPECTED),
        "shown": _shown(reader, figure_id),
    }


def _heading(reader: Reader, figure: Row) -> Row:
    """What the document is about; only a number that is current in its release can be cited."""
    release = reader.release
    figure_id = figure["figure_id"]
    citation = str(Citation(figure_id, release.release_id)) if reader.as_of is None else None
    named = ("metric_id", "area_id", "area_name", "stratum_id", "stratum_name", "event_date")
    return {
        "citation": citation,
        "figure_id": figure_id,
        "cell": _picked(figure, *named),
        "release": {
            "release_id": release.release_id,
            "is_kept": True,
            "released_at": release.released_at,
            "built_at": release.built_at,
            "is_simulated": release.is_simulated,
        },
        "as_of": reader.as_of,
    }


def _claim(claim: Row, figure: Row) -> Row:
    return _picked(claim, *CLAIM) | {"gap": _less(claim["value"], figure["value"])}


def _versions(reader: Reader, figure_id: str) -> list[Row]:
    """Each version with the three clocks and the parts of its change, which add up to it."""
    parts: dict[int, list[Row]] = {}
    for part in passport.changes(reader, figure_id).to_dicts():
        parts.setdefault(part.pop("version"), []).append(part)
    return [
        _picked(version, *VERSION) | {"parts": parts.get(version["version"], [])}
        for version in passport.versions(reader, figure_id).to_dicts()
    ]


def _shown(reader: Reader, figure_id: str) -> list[Row] | None:
    found = passport.shown(reader, figure_id)
    return None if found is None else found.to_dicts()


def _absent(reader: Reader, figure_id: str) -> TrigpointError:
    if reader.as_of is not None and passport.is_known(reader, figure_id):
        return TrigpointError(
            f"figure {figure_id} had not been published by {written(reader.as_of)}"
        )
    return WrongUse(
        f"there is no figure {figure_id[:200]} in release {reader.release.release_id}; "
        '`trigpoint sql "select figure_id from figures"` lists all'
    )


def _less(value: float | None, figure: float | None) -> float | None:
    return None if value is None or figure is None else value - figure


def _picked(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}
