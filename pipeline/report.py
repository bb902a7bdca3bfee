"""What a command reports, in words for a terminal or as JSON for a program."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
from rich.console import Console

from journal.chain import Head
from loaders.receipts import Receipt, read_receipts, standing
from pipeline import agreements
from pipeline.build import Build, last_build
from pipeline.check import Breaker, last_found
from pipeline.difference import Difference
from pipeline.load import Loaded
from pipeline.proof import left_out
from pipeline.terminal import Table
from pipeline.terminal import line as _line
from pipeline.terminal import print_table as _print
from pipeline.verdict import DayPlayed, Verdict
from simulation.replays.story import Replay
from store import releases, withheld
from store.agreements import WITHHELD
from store.decisions import Decision
from store.moments import age, now
from store.paths import Home
from store.releases import Release
from store.viewer import EVERYONE

VERDICTS = ("landed", "known", "refused", "passed_over")


def ran(
    home: Home, loaded: Loaded, found: list[Breaker], release: Release, *, as_json: bool
) -> None:
    """A whole run."""
    found = _told(home, agreements.as_enforced(), found)
    if as_json:
        _json(_load(loaded) | {"breakers": _list(found), "release": release.to_json()})
        return
    _say_load(loaded)
    _say_breakers(found)
    _say_release(release)
    agreements.warn(agreements.as_enforced())


def loaded(load: Loaded, *, as_json: bool) -> None:
    """A load."""
    if as_json:
        _json(_load(load))
        return
    _say_load(load)


def built(build: Build, *, as_json: bool) -> None:
    """A build."""
    if as_json:
        _json(asdict(build))
        return
    state = "Nothing changed since build" if build.is_current else "Built"
    Console().print(f"{state} {build.build_id}, {build.built_at[:16]} UTC.")


def checked(home: Home, found: list[Breaker], *, as_json: bool) -> None:
    """A check; a breaker's sentence holds values, which an agreement may no longer let out."""
    found = _told(home, agreements.as_enforced(), found)
    if as_json:
        _json({"breakers": _list(found)})
        return
    _say_breakers(found)
    if not found:
        Console().print("Every data test passes and no breaker holds anything.")


def published(
    home: Home,
    release: Release,
    found: list[Breaker],
    *,
    as_json: bool,
    is_shown_already: bool = False,
) -> None:
    """A release that is now shown, or was already because nothing changed since."""
    found = _told(home, agreements.as_enforced(), found)
    if as_json:
        _json({"release": release.to_json(), "breakers": _list(found)})
        return
    _say_breakers(found)
    if is_shown_already:
        _line("Nothing changed since the release that is shown, so no other is written.")
    _say_release(release)
    agreements.warn(agreements.as_enforced())


def decided(decision: Decision, *, as_json: bool) -> None:
    """A decision that the next build obeys."""
    if as_json:
        _json(asdict(decision))
        return
    _line(
        f"{decision.decision_id}: {decision.source_id} is followed from now on, decided by "
        f"{decision.person}. `trigpoint build` and `trigpoint publish` show it."
    )


def _told(home: Home, agreed: agreements.Overview, found: list[Breaker]) -> list[Breaker]:
    """Breakers as everybody may read them: words stand where a source is not told of today."""
    asked = {source for one in found for source in (one.source_id, *one.tells_of)}
    barred = withheld.barred(home, asked, EVERYONE, is_exact=False)
    closed = dict(barred) | {one.source_id: WITHHELD for one in agreed.left_out}
    return [replace(one, sentence=_sentence(one, closed)) for one in found]


def _sentence(breaker: Breaker, closed: Mapping[str, str]) -> str:
    words = [closed[one] for one in (breaker.source_id, *breaker.tells_of) if one in closed]
    return words[0] if words else breaker.sentence


def status(home: Home, *, as_json: bool) -> None:
    """The state of a home. Raises `NoRelease` when nothing has been published yet."""
    shown = releases.current(home)
    build = last_build(home)
    agreed = agreements.as_enforced()
    found = _told(home, agreed, last_found(home))
    receipts = read_receipts(home)
    newest = max(_newest_published(home).values(), default=None)
    refused = _refused_and_not_mended(home)
    if as_json:
        _json(
            {
                "home": str(home.root),
                "release": shown.to_json(),
                "kept_releases": [release.release_id for release in releases.kept(home)],
                "build": asdict(build) if build else None,
                "arrivals": dict(Counter(receipts["verdict"].to_list())),
                "newest_published_at": newest,
                "refused": refused,
                "breakers": _list(found),
                "left_out": _list(agreed.left_out),
                "ending_agreements": [one.agreement_id for one in agreed.ending],
            }
        )
        return
    _say_release(shown)
    _line(f"{receipts.height:,} arrivals{_newest(receipts)}.")
    if newest is not None and not shown.is_simulated:
        # If everything stops at once no source is behind another, so the clock is asked.
        _line(f"The newest publication is of {newest:%Y-%m-%d}, {age(newest, now())}.")
    for row in refused:
        _line(f"Refused: {row['reason']}")
    _say_breakers(found)
    agreements.warn(agreed)


def wrote(paths: list[Path]) -> None:
    """The files that were written."""
    for path in paths:
        _line(f"Written: {path}")


def differed(found: Difference, *, as_json: bool) -> None:
    """What changed between two moments."""
    if as_json:
        return _json(
            {
                "from": found.since,
                "to": found.until,
                "parts": found.parts.to_dicts(),
                "elsewhere": found.elsewhere,
            }
        )
    heads = ("metric", "area", "day", "kind", "figures", "difference")
    table = Table(*heads, box=None, pad_edge=False)
    for row in found.parts.to_dicts():
        name, amount = row["kind"].replace("_", " "), row["amount"]
        told = (found.withheld or WITHHELD) if amount is None else f"{amount:+,.0f}"
        day = str(row["event_date"] or "each")
        figures = f"{row['figures']:,}"
        table.add_row(row["metric_id"], row["area_name"], day, name, figures, told)
    _print(table)
    if found.elsewhere:
        _line(f"{found.elsewhere:,} figures changed in smaller areas; name one with --area.")
    return None


def verified(head: Head, *, as_json: bool) -> None:
    """That the audit is whole, and its head."""
    if as_json:
        return _json({"entries": head.entry_id, "head": str(head)})
    return _line(f"The audit is whole: {head.entry_id:,} entries. Its head is {head}")


def headed(head: Head, *, as_json: bool) -> None:
    """The head of the audit, to be kept elsewhere."""
    if as_json:
        return _json({"entries": head.entry_id, "head": str(head)})
    return print(head)


def sources(known: Mapping[str, ModuleType], home: Home, *, as_json: bool) -> None:
    """The sources that can be loaded, with the newest publication that this home holds of each."""
    newest = _newest_published(home)
    rows = [
        {
            "source_id": name,
            "title": module.SOURCE.title,
            "publisher": module.SOURCE.publisher,
            "due": module.SOURCE.due,
            "absence": module.SOURCE.absence,
            "tables": list(module.SOURCE.tables),
            "licence": module.SOURCE.licence,
            "newest_published_at": newest.get(name),
        }
        for name, module in known.items()
    ]
    if as_json:
        _json({"sources": rows})
        return
    table = Table("source", "publisher", "title", "due", "newest", box=None, pad_edge=False)
    for row in rows:
        published = row["newest_published_at"]
        words = f"{published:%Y-%m-%d}" if published else "nothing yet"
        table.add_row(row["source_id"], row["publisher"], row["title"], row["due"], words)
    _print(table)


def replays(known: Iterable[Replay], *, as_json: bool) -> None:
    """The data days that can be run again."""
    rows = [
        {
            "replay_id": replay.replay_id,
            "happened_on": replay.happened_on,
            "title": replay.title,
            "source": replay.source,
        }
        for replay in known
    ]
    if as_json:
        return _json({"replays": rows})
    table = Table("replay", "day", "what happened", box=None, pad_edge=False)
    for row in rows:
        table.add_row(str(row["replay_id"]), str(row["happened_on"]), str(row["title"]))
    return _print(table)


def replayed(verdict: Verdict, *, as_json: bool) -> None:
    """How a replay went, day by day, and how it ended."""
    if as_json:
        is_met = not verdict.missed
        return _json(asdict(verdict) | {"is_met": is_met, "missed": _list(verdict.missed)})
    _line(f"{verdict.title} ({verdict.source})")
    for day in verdict.days:
        _say_day(day)
    answers = sum(len(day.answers) for day in verdict.days)
    _line(f"\n{answers - len(verdict.missed)} of {answers} known answers are met.")
    for missed in verdict.missed:
        found = _number(missed.found)
        _line(f"Not met: {missed.says}: {found}, where {_number(missed.expected)} is known.")
    _line(verdict.sentence)
    return _line(f"Look at it: trigpoint serve --home {verdict.home}")


def _say_day(day: DayPlayed) -> None:
    Console().print()
    _line(f"{day.published_on}: {day.happened}")
    shown = Table("", "naive store", "Trigpoint", box=None, pad_edge=False)
    for one in day.shown:
        shown.add_row(one.asks, _number(one.naive), _number(one.trigpoint))
    _print(shown)
    for breaker in day.breakers:
        # Since when is a matter of the replay's day, not of the clock on the wall.
        label = "Held" if breaker.severity == "hold" else "Look"
        _line(f"{label} ({breaker.breaker_id}): {breaker.sentence}")
    changed = Table("changed", "area", "why", "figures", "difference", box=None, pad_edge=False)
    for part in day.changes:
        why, figures = part.kind.replace("_", " "), f"{part.figures:,}"
        changed.add_row(part.metric_id, part.area_name, why, figures, f"{part.amount:+,.0f}")
    _print(changed)
    for text in dict.fromkeys(part.event_text for part in day.changes if part.event_text):
        _line(f"Explained: {text}")


def _number(value: float | str | None) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else f"{value:,.10g}"


def _newest_published(home: Home) -> dict[str, datetime]:
    landed = standing(read_receipts(home))
    return dict(landed.group_by("source_id").agg(pl.col("published_at").max()).rows())


def _newest(receipts: pl.DataFrame) -> str:
    newest = receipts["landed_at"].max()
    return f", the last at {newest:%Y-%m-%d %H:%M} UTC" if isinstance(newest, datetime) else ""


def _refused_and_not_mended(home: Home) -> list[dict[str, Any]]:
    """Refused files that did not land later, by their bytes or under their name, each once."""
    receipts = read_receipts(home).with_row_index("arrived")
    landed = receipts.filter(receipts["verdict"] == "landed")
    refused = receipts.filter(receipts["verdict"] == "refused")
    for same in ("file_sha256", "file_name"):
        mended = landed.group_by("source_id", same).agg(mended=pl.col("arrived").max())
        joined = refused.join(mended, on=["source_id", same], how="left", maintain_order="left")
        is_waiting = pl.col("mended").is_null() | (pl.col("mended") < pl.col("arrived"))
        refused = joined.filter(is_waiting).drop("mended")
    newest = refused.unique(["source_id", "file_sha256"], keep="last", maintain_order=True)
    return newest.select("source_id", "file_name", "reason").to_dicts()


def _load(load: Loaded) -> dict[str, Any]:
    return {
        "counts": {verdict: len(load.with_verdict(verdict)) for verdict in VERDICTS},
        "unknown_folders": load.passed_over,
        "receipts": _list(load.receipts),
    }


def _say_load(load: Loaded) -> None:
    if not load.receipts:
        _line("Nothing new has arrived.")
        return
    table = Table("source", *VERDICTS, "rows", "quarantined", box=None, pad_edge=False)
    by_source: dict[str, list[Receipt]] = {}
    for receipt in load.receipts:
        by_source.setdefault(receipt.source_id, []).append(receipt)
    for name, receipts in by_source.items():
        verdicts = Counter(receipt.verdict for receipt in receipts)
        rows = sum(receipt.rows_landed for receipt in receipts)
        aside = sum(receipt.rows_quarantined for receipt in receipts)
        counts = [str(verdicts[verdict]) for verdict in VERDICTS]  # type: ignore[index]
        table.add_row(name, *counts, f"{rows:,}", f"{aside:,}")
    _print(table)
    for receipt in load.with_verdict("refused"):
        _line(f"Refused: {receipt.reason}")
    for receipt in load.with_verdict("taken_back"):
        _line(
            f"Taken back: {receipt.file_name} as published on {receipt.published_at:%Y-%m-%d}, "
            f"{receipt.reason}."
        )
    if load.passed_over:
        _line(f"Folders that are no known source, passed over: {', '.join(load.passed_over)}.")


def _say_breakers(found: list[Breaker]) -> None:
    for breaker in found:
        label = "Held" if breaker.severity == "hold" else "Look"
        _line(f"{label} ({breaker.breaker_id}, since {breaker.since:%Y-%m-%d}): {breaker.sentence}")


def _say_release(release: Release) -> None:
    kind = "simulated England" if release.is_simulated else "published sources"
    _line(
        f"Release {release.release_id} ({kind}): {release.rows.get('figures', 0):,} figures from "
        f"{release.rows.get('claims', 0):,} claims."
    )
    for told in left_out(release):
        _line(told)


def _list(items: list[Any]) -> list[dict[str, Any]]:
    return [asdict(item) for item in items]


def _json(content: dict[str, Any]) -> None:
    print(json.dumps(content, default=_as_text, indent=2))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
