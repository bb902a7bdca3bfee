"""A figure's passport on the terminal, in words or as JSON."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from journal.audit import Question
from journal.figure_document import document
from pipeline.asking import about, asking
from pipeline.terminal import Table, line, print_table, say_if_to_come
from store.citations import PREFIX, parse
from store.exports import document_to_json
from store.moments import parse_moment, written
from store.passport import BASES
from store.paths import Home
from store.reader import Reader, open_reader
from store.viewer import EVERYONE, Viewer

Row = dict[str, Any]
NOTHING = "\u2013"


def passport(
    home: Home, named: str, as_of: str | None, *, as_json: bool, viewer: Viewer = EVERYONE
) -> None:
    """Print everything behind a figure, or behind the number that a citation names.

    Raises what `journal.figure_document.document` raises, and `WrongUse` for what is no moment.
    """
    moment = parse_moment(as_of) if as_of is not None else None
    say_if_to_come(moment)

    def opened(at: datetime | None, release_id: str | None) -> Reader:
        return open_reader(home, viewer, as_of=at, release_id=release_id)

    form = "citation" if is_citation(named) else "json" if as_json else "figure"
    with asking(home, question(named, moment, form), viewer):
        found = document(home, opened, named, moment)
    if as_json:
        print(document_to_json(found), end="")
    elif found["release"]["is_kept"]:
        _say(found)
    else:
        _say_record(found)


def question(named: str, moment: datetime | None, form: str) -> Question:
    """What goes on the audit of a figure; a citation names its own release.

    Raises `WrongUse` for a citation that is malformed.
    """
    if not is_citation(named):
        return Question(form, named, *about(named.strip()), as_of=moment)
    cited = parse(named)
    return Question(form, named, *about(cited.figure_id), cited.release_id, moment)


def is_citation(named: str) -> bool:
    """Whether a figure was named by a citation, right or wrong."""
    return named.strip().startswith(PREFIX)


def _say(found: Row) -> None:
    figure, definition = found["figure"], found["definition"]
    line(f"{_value(figure)} {figure['unit'] if figure['value'] is not None else ''}")
    line(_title(found))
    _facts(_about(found))
    line("")
    line(f"What it counts: {definition['definition']}")
    line(f"What it is not: {definition['not_counted']}")
    _table("What each source says", ("source", "value", "gap", "published", "file"), _claims(found))
    _table("Every version", ("known from", "value", "change", "why", "source"), _versions(found))
    heads = ("metric", "value", "gap", "publisher")
    _table("Other definitions of the same quantity", heads, _related(found))
    events = [(_day(event["happened_on"]), event["published_text"]) for event in found["events"]]
    _table("Recorded events", ("day", "event"), events)
    _table("What was shown", ("from", "to", "value", "first by release"), _shown(found))
    if found["shown"] is None:
        line("The record of what was shown is damaged and cannot be read.")
    say_notes(found["notes"])


def _say_record(found: Row) -> None:
    """The number of a pruned release, and no more than the record knows."""
    figure = found["figure"]
    line(found["sentence"])
    line(f"{_value(figure)} ({found['figure_id']})")
    spans = [(_moment(span["shown_from"]), _until(span["shown_to"])) for span in found["shown"]]
    _facts(
        [
            ("Citation", found["citation"]),
            ("Shown", "; ".join(f"from {since} to {until}" for since, until in spans)),
            ("Source", figure["source_id"] or NOTHING),
            ("Status", _states(figure)),
        ]
    )
    say_notes(found["notes"])


def say_notes(notes: list[Row]) -> None:
    """What people wrote on a figure, oldest first; a withdrawn note stays and says so."""
    rows = [
        (note["note_id"], _moment(note["written_at"]), note["author"], _seen_at(note), _text(note))
        for note in notes
    ]
    _table("Notes", ("note", "written", "by", "seen", "text"), rows)


def _seen_at(note: Row) -> str:
    as_of = f", as known at {written(note['as_of'])}" if note["as_of"] else ""
    return f"release {note['release_id']}{as_of}"


def _text(note: Row) -> str:
    text = " ".join(note["text"].split())
    if note["withdrawn_at"] is None:
        return text
    return f"(withdrawn by {note['withdrawn_by']}, {_moment(note['withdrawn_at'])}) {text}"


def _about(found: Row) -> list[tuple[str, str]]:
    winner, rule, file, release = (found[part] for part in ("winner", "rule", "file", "release"))
    agreed = f" (agreed by {rule['agreed_by']}{_on(rule['agreed_on'])})"
    simulated = ", a simulated England" if release["is_simulated"] else ""
    cited = "only what is current in a release can be cited; ask without --as-of"
    return [
        ("Citation", found["citation"] or cited),
        ("Release", f"{release['release_id']}{simulated}"),
        *([("As known at", written(found["as_of"]))] if found["as_of"] else []),
        ("Status", _states(found["figure"])),
        ("Source", f"{winner['source_title']} ({winner['publisher']}), {winner['licence']}"),
        ("Rule", f"{rule['rule_reason']}{agreed if rule['agreed_by'] else ''}"),
        *([("Stands in", _stood_in_for(rule))] if rule["stands_in_for"] else []),
        ("File", _file(file)),
        ("SHA-256", file["file_sha256"] or NOTHING),
        *([("Address", file["url"])] if file["url"] else []),
        ("Published", f"{_moment(file['published_at'])}{_basis(file['published_basis'])}"),
        ("Landed here", _moment(file["landed_at"])),
        ("Agreement", found["agreement_id"] or NOTHING),
        ("Disclosure", _disclosure(found["disclosure"])),
        *_expected(found),
    ]


def _stood_in_for(rule: Row) -> str:
    return f"for {rule['stands_in_for']}, whose newest file is held"


def _title(found: Row) -> str:
    cell = found["cell"]
    parts = [found["definition"]["metric_name"], f"{cell['area_name']} ({cell['area_id']})"]
    if cell["stratum_id"] != "all":
        parts.append(cell["stratum_name"] or cell["stratum_id"])
    return ", ".join([*parts, _day(cell["event_date"])])


def _claims(found: Row) -> list[tuple[str, ...]]:
    return [
        (
            f"{claim['source_id']}{' (used)' if claim['is_used'] else ''}",
            _value(claim),
            _signed(claim["gap"]),
            _moment(claim["published_at"]),
            _file(claim),
        )
        for claim in found["claims"]
    ]


def _versions(found: Row) -> list[tuple[str, ...]]:
    return [
        (
            _moment(version["known_from"]),
            _value(version),
            _signed(version["change"] or None),
            ", ".join(_part(part) for part in version["parts"]),
            version["source_id"] or NOTHING,
        )
        for version in found["versions"]
    ]


def _part(part: Row) -> str:
    event = f" ({part['event_text']})" if part["event_text"] else ""
    return f"{_words(part['kind'])} {_signed(part['amount'])}{event}"


def _related(found: Row) -> list[tuple[str, ...]]:
    return [
        (row["metric_id"], _value(row), _signed(row["gap"]), row["publisher"] or NOTHING)
        for row in found["related"]
    ]


def _shown(found: Row) -> list[tuple[str, ...]]:
    return [
        (
            _moment(row["shown_from"]),
            _until(row["shown_to"]),
            _value(row),
            row["first_release_id"],
        )
        for row in found["shown"] or []
    ]


def _states(figure: Row) -> str:
    told = [figure["status"] or _words(figure["missing_reason"])]
    # How far apart they are is withheld with any source of them.
    if figure.get("sources_reporting", 0) > 1 and figure["gap"] is not None:
        told.append(f"{figure['sources_reporting']} sources, {_number(figure['gap'])} apart")
    if figure.get("explanation"):
        told.append(f"because: {figure['explanation']}")
    if figure.get("correction_id"):
        until, author = figure["correction_expires_on"], figure["correction_author"]
        told.append(
            f"corrected after report {figure['correction_id']} until {until} by {author}: "
            f"{figure['correction_reason']}"
        )
    told += [name for name in ("provisional", "corrected") if figure[f"is_{name}"]]
    if figure.get("awaits_decision"):
        told.append(f"awaits a decision, disputed since {_moment(figure['disagreed_from'])}")
    if not figure.get("is_listed", True):
        told.append("its area is no longer listed")
    return ", ".join(_words(text) for text in told)


def _disclosure(disclosure: Row) -> str:
    told = f"{disclosure['disclosure_class']}, shown {disclosure['view']}"
    if disclosure["is_hidden"]:
        told += f"; hidden: {_words(disclosure['missing_reason'])}"
    why = f" ({disclosure['why']})" if disclosure["why"] else ""
    return f"{told}{why}"


def _expected(found: Row) -> list[tuple[str, str]]:
    """The range of the final value and how often such ranges held; nothing of totals."""
    figure, expected = found["figure"], found["expected"]
    is_total = found["definition"]["cumulative_of"] is not None
    if not figure["is_provisional"] or figure["value"] is None or is_total:
        return []
    low, high = expected["expected_low"], expected["expected_high"]
    if low is None or high is None:
        return [("Expected final", "too little history of this source to say")]
    told = f"{_number(low)} to {_number(high)}, in 95 of 100 cases"
    return [("Expected final", f"{told}; {_scored(expected)}")]


def _scored(expected: Row) -> str:
    if not expected["past_ranges"]:
        return "no such range of the past can be checked yet"
    ranges, held = int(expected["past_ranges"]), expected["past_held"]
    return f"of {ranges:,} at this age, {held:.0%} held the final value"


def _file(row: Row) -> str:
    if row["file_row"] is None:
        return "not told outside the area"
    sheet = f", sheet {row['sheet_name']}" if row["sheet_name"] else ""
    return f"{row['file_name'] or 'not on record'}{sheet}, row {row['file_row']}"


def _value(row: Row) -> str:
    reason = _words(row["missing_reason"])
    if row["value"] is not None:
        return _number(row["value"])
    if row["lower"] is not None and row["upper"] is not None:
        return f"{_number(row['lower'])} to {_number(row['upper'])} ({reason})"
    return f"no value ({reason})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() else f"{value:,}"


def _signed(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"+{_number(value)}" if value > 0 else _number(value)


def _words(name: str | None) -> str:
    return (name or "not available").replace("_", " ")


def _basis(basis: str | None) -> str:
    return f" ({BASES[basis]})" if basis in BASES else ""


def _on(day: date | None) -> str:
    return f" on {_day(day)}" if day else ""


def _day(value: date) -> str:
    return f"{value:%Y-%m-%d}"


def _moment(value: datetime | None) -> str:
    """The day alone where only a day was stated, which stands at 00:00."""
    if value is None:
        return "at a time not recorded"
    return _day(value) if value.time() == time(0) else f"{value:%Y-%m-%d %H:%M}"


def _until(value: datetime | None) -> str:
    return _moment(value) if value else "now"


def _facts(rows: Sequence[tuple[str, str]]) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, told in rows:
        table.add_row(name, told)
    print_table(table)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    line("")
    line(caption)
    print_table(table)
