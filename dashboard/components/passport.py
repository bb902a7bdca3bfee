"""A figure's passport: in the drawer in short, on its own page in full."""

from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.facts import listed
from dashboard.components.figure_button import text
from dashboard.components.table import marked, table
from store.citations import Citation

EXPECTED = ("expected_low", "expected_high")


def facts(figure: dict[str, Any]) -> html.Dl:
    """Status, source, rule and file of a figure, each in words."""
    rows = [
        ("Status", status(figure)),
        ("Used", f"{figure['source_title'] or figure['source_id']}, {figure['publisher'] or ''}"),
        ("Rule", rule(figure)),
        ("File", file(figure)),
        ("Published", published(figure)),
        ("Landed here", words.moment(figure["landed_at"])),
        ("Agreement", [html.Code(figure["agreement_id"] or "none"), ", ", figure["licence"]]),
        ("Disclosure", words.disclosure(figure["disclosure"], figure["missing_reason"])),
    ]
    if figure["value"] is None:
        rows.insert(1, ("No value because", words.missing(figure["missing_reason"])))
    if figure["is_provisional"]:
        rows.insert(1, ("Provisional", "This date is still filling in; the value will change."))
        if figure["cumulative_of"] is None and figure["value"] is not None:
            rows.insert(2, ("Expected final", expected(figure)))
    if figure["awaits_decision"]:
        rows.insert(1, ("Awaiting a decision", _awaited(figure)))
    if not figure["is_listed"]:
        gone = "The newest file no longer lists this area; this is the last value it was given."
        rows.insert(1, ("No longer listed", gone))
    if figure["stands_in_for"]:
        held = f"For {figure['stands_in_for']}, whose newest file is held."
        rows.insert(1, ("Stands in", held))
    if figure["is_corrected"]:
        rows.insert(1, ("Corrected", correction(figure)))
    return listed(rows)


def correction(figure: dict[str, Any]) -> str:
    """Why a figure is corrected, who answers for it and when that ends."""
    if figure["correction_id"] is None:
        return "A recorded correction stands in this figure."
    until = words.day(figure["correction_expires_on"])
    return (
        f"{words.sentence(figure['correction_reason'])} {figure['correction_author']} accepted "
        f"report {figure['correction_id']}. It holds until the publisher says something else, and "
        f"ends on {until} at the latest."
    )


def _awaited(figure: dict[str, Any]) -> str:
    """What stands while sources dispute a figure that a person has to sign."""
    since = words.moment(figure["disagreed_from"])
    kept = "the last signed value stands" if figure["value"] is not None else "no value stands"
    return f"Sources have disagreed since {since}; {kept} until somebody decides."


def status(figure: dict[str, Any]) -> str:
    """What the sources say of each other, as a sentence."""
    gap = words.number(figure["gap"], figure["decimals"])
    told = words.status_sentence(figure["status"], figure["sources_reporting"], gap)
    return f"{told} {figure['explanation']}" if figure["explanation"] else told


def expected(figure: dict[str, Any]) -> str:
    """In which range the final value is expected, and how often such ranges held."""
    if figure["expected_low"] is None:
        return "Too little history of this source to say."
    ends = [words.number(figure[end], figure["decimals"]) for end in EXPECTED]
    told = ends[0] if ends[0] == ends[1] else f"Between {ends[0]} and {ends[1]}"
    if not figure["past_ranges"]:
        return f"{told}, in 95 of 100 cases. No such range of the past can be checked yet."
    past = words.counted(int(figure["past_ranges"]), "past range", "past ranges")
    held = f"{figure['past_held']:.0%} held the final value"
    return f"{told}, in 95 of 100 cases. Of {past} at this age, {held}."


def rule(figure: dict[str, Any]) -> str:
    """Why this source and not another, in the words of the policy."""
    if not figure["rule_reason"]:
        return "There is no rule on record for this source."
    agreed = f" Agreed by {figure['agreed_by']}" if figure["agreed_by"] else ""
    on = f" on {words.day(figure['agreed_on'])}" if agreed and figure["agreed_on"] else ""
    reason = figure["rule_reason"].rstrip(".")
    return f"{reason}.{agreed}{on}{'.' if agreed else ''}"


def file(figure: dict[str, Any]) -> list[Any]:
    """File name, row and the hash by which the stored file is found."""
    name = figure["file_name"] or "file not on record"
    row = f", row {figure['file_row']:,}" if figure["file_row"] is not None else ""
    sha = figure["file_sha256"] or ""
    parts: list[Any] = [html.Span(f"{name}{row}", className="file")]
    if sha:
        parts += [html.Br(), html.Span("SHA-256 ", className="small"), html.Code(sha)]
    return parts


def published(figure: dict[str, Any]) -> str:
    """When the publisher said it, and how that is known."""
    return f"{words.moment(figure['published_at'])}{words.basis(figure['published_basis'])}"


def claims(figure: dict[str, Any], said: pl.DataFrame) -> html.Div:
    """Every source's value side by side, the one in use first named as such."""
    rows = []
    for claim in said.to_dicts():
        shown = claim | {"decimals": figure["decimals"]}
        reason = words.missing(claim["missing_reason"]) if claim["value"] is None else ""
        why = html.Div(reason, className="small") if reason else None
        mark = words.mark(claim["value"], claim["missing_reason"], False)
        rows.append(
            [
                [
                    claim["source_title"] or claim["source_id"],
                    html.Div(
                        [claim["publisher"] or "", " ", _used(claim["is_used"])], className="small"
                    ),
                ],
                [marked(text(shown), mark), why],
                _difference(claim["value"], figure),
                words.moment(claim["published_at"]),
                _place(claim),
            ]
        )
    head = ["Source", "Value", "Difference", "Published", "File and row"]
    caption = "What each source says"
    return table(caption, head, rows, numeric=(1, 2), is_caption_shown=False)


def _used(is_used: bool) -> html.Span | None:
    return html.Span("used", className="badge used") if is_used else None


def _place(claim: dict[str, Any]) -> str:
    if claim["file_row"] is None:
        return "not told outside the area"
    return f"{claim['file_name'] or ''}, row {claim['file_row']:,}"


def _difference(value: float | None, figure: dict[str, Any]) -> str:
    if value is None or figure["value"] is None:
        return "\u2013"
    return words.signed(value - figure["value"], figure["decimals"])


def versions(figure: dict[str, Any], history: pl.DataFrame, changes: pl.DataFrame) -> html.Div:
    """Every value this figure has had, oldest first, with when it became known and why."""
    rows = [
        [
            words.moment(version["known_from"]),
            text(version | {"decimals": figure["decimals"]}),
            words.signed(version["change"], figure["decimals"]) if version["change"] else "\u2013",
            _why(figure, changes.filter(pl.col("version") == version["version"]).to_dicts()),
            version["publisher"] or version["source_id"],
        ]
        for version in history.to_dicts()
    ]
    head = ["Known from", "Value", "Change", "Why", "Publisher"]
    return table("Every version of this figure", head, rows, numeric=(1, 2))


def shown(figure: dict[str, Any], record: pl.DataFrame) -> html.Div:
    """What the pages showed, how long, and the release that began it, each a citation."""
    rows = [
        [
            words.moment(row["shown_from"]),
            words.moment(row["shown_to"]) if row["shown_to"] else "now",
            text(row | {"decimals": figure["decimals"]}),
            html.A(
                row["first_release_id"],
                href=f"/cite/{Citation(figure['figure_id'], row['first_release_id'])}",
            ),
        ]
        for row in record.to_dicts()
    ]
    head = ["Shown from", "Until", "Value", "First shown by release"]
    return table("What was shown", head, rows, numeric=(2,), is_caption_shown=False)


def _why(figure: dict[str, Any], parts: list[dict[str, Any]]) -> str:
    """The kinds of a change, with the amount of each where there are several."""
    if len(parts) == 1:
        told = words.kind(parts[0]["kind"])
    else:
        told = words.joined(
            f"{words.kind(part['kind'])} {words.signed(part['amount'], figure['decimals'])}"
            for part in parts
        )
    events = [part["event_text"] for part in parts if part["event_text"]]
    return ": ".join([told[:1].upper() + told[1:], *dict.fromkeys(events)]) if parts else ""


def definition(figure: dict[str, Any]) -> list[Any]:
    """What the measure counts and what it does not."""
    return [
        html.P(figure["definition"]),
        html.P([html.Strong("What it is not: "), figure["not_counted"] or "\u2013"]),
    ]


def title(figure: dict[str, Any]) -> str:
    """Measure, area and date: what the figure is about."""
    parts = [figure["metric_name"], figure["area_name"] or figure["area_id"]]
    if figure["stratum_id"] != "all":
        parts.append(figure["stratum_name"] or figure["stratum_id"])
    return ", ".join([*parts, words.period(figure["event_date"], figure["grain"])])
