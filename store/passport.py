"""Everything that stands behind one figure: the questions of its passport."""

from typing import Any

import polars as pl

from store.agreements import WITHHELD_WORDS
from store.disclosure.rules import read_rules
from store.disclosure.told import told
from store.errors import WrongUse
from store.reader import Reader
from store.release_tables import NOT_TOLD
from store.withheld import barred, in_words

# Why a value is known to somebody and not shown.
HIDDEN = {"suppressed_by_publisher", "suppressed", "suppressed_by_us", *WITHHELD_WORDS}
# How the moment of publication is known, in words.
BASES = {
    "inside": "stated in the file",
    "name": "stated in the name of the file",
    "given": "given by an operator",
}


def cell(figure_id: str) -> dict[str, str] | None:
    """The cell that a figure id names: metric_id, area_id, stratum_id, event_date; or None."""
    parts = figure_id.rsplit(".", 3)
    if len(parts) != 4:
        return None
    return dict(zip(("metric_id", "area_id", "stratum_id", "event_date"), parts, strict=True))


def figure(reader: Reader, figure_id: str) -> dict[str, Any] | None:
    """One figure with its measure, area, stratum, source, rule and file, or None.

    `past_ranges` is how many expected ranges of values of this source, measure and age can be
    checked by now, `past_held` the share of them that held the final value. `stands_in_for` names
    the sources that the rules prefer and that have a value, but whose newest file is held.
    `explanation` is what the event that explains why sources differ says; of a figure that is
    corrected, the columns that begin with `correction` say by which report, why, who answers for it
    and until which day.
    `disclosure` is what `store.disclosure.told` says.
    """
    named = cell(figure_id)
    if named is None:
        return None
    found = reader.ask(
        """
        with one as (
            select *
            from figures
            where
                metric_id = $metric_id
                and area_id = $area_id
                and stratum_id = $stratum_id
                and event_date = try_cast($event_date as date)
        ),

        file as (
            select
                source_id,
                file_sha256,
                min(file_name) as file_name,
                min(url) as url,
                min(published_precision) as published_precision,
                min(published_basis) as published_basis
            from arrivals
            where file_sha256 in (select file_sha256 from one)
            group by source_id, file_sha256
        ),

        claim as (
            -- Of a value that stands from before, the source may say something else by now.
            select nullif(min(sheet_name), '') as sheet_name
            from claims
            inner join one using (metric_id, area_id, stratum_id, event_date, source_id)
            where claims.file_sha256 = one.file_sha256 and claims.file_row = one.file_row
        ),

        passed_over as (
            select
                string_agg(distinct sources.title, ', ' order by sources.title) as stands_in_for
            from one
            -- What a person decided has no rule, and what awaits a decision is not passed over.
            inner join precedence as followed using (rule_id)
            inner join precedence as preferred
                on
                    followed.metric_id = preferred.metric_id
                    and followed.rank > preferred.rank
                    and one.known_from >= coalesce(preferred.agreed_on, '-infinity'::date)
                    and one.known_from < coalesce(preferred.retired_on, 'infinity'::date)
            inner join claims
                on
                    one.metric_id = claims.metric_id
                    and one.area_id = claims.area_id
                    and one.stratum_id = claims.stratum_id
                    and one.event_date = claims.event_date
                    and preferred.source_id = claims.source_id
            -- A preferred source that has a value gives way only while its newest file is held.
            inner join held_spells as held
                on
                    preferred.source_id = held.source_id
                    and one.metric_id = held.metric_id
                    and one.known_from >= held.held_from
                    and (held.held_to is null or one.known_from < held.held_to)
            inner join sources on preferred.source_id = sources.source_id
            where
                not one.awaits_decision
                and claims.superseded_at is null
                and claims.value is not null
        ),

        scored as (
            select
                sum(ranges) as past_ranges,
                sum(ranges * held_95) / sum(ranges) as past_held
            from one
            inner join expectation_scores as scores
                on
                    one.source_id = scores.source_id
                    and one.metric_id = scores.metric_id
                    and date_diff('day', one.event_date, cast(one.published_at as date))
                    = scores.age_days
        )

        select
            one.*,
            scored.past_ranges,
            scored.past_held,
            claim.sheet_name,
            passed_over.stands_in_for,
            areas.area_name,
            strata.stratum_name,
            metrics.* exclude (metric_id),
            sources.title as source_title,
            sources.publisher,
            sources.licence,
            sources.agreement_id,
            explaining.published_text as explanation,
            correcting.correction_id,
            correcting.reason as correction_reason,
            correcting.author as correction_author,
            correcting.expires_on as correction_expires_on,
            coalesce(decisions.reason, precedence.reason) as rule_reason,
            coalesce(decisions.person, precedence.agreed_by) as agreed_by,
            coalesce(cast(decisions.decided_at as date), precedence.agreed_on) as agreed_on,
            file.file_name,
            file.url,
            file.published_precision,
            file.published_basis
        from one
        cross join scored
        cross join claim
        cross join passed_over
        inner join metrics using (metric_id)
        left join areas using (area_id)
        left join strata using (stratum_id)
        left join sources using (source_id)
        left join precedence using (rule_id)
        left join events as explaining on one.explained_by = explaining.event_id
        left join decisions on one.rule_id = decisions.decision_id
        -- A correction is published when it is accepted, and no two of one figure are at once.
        left join corrections as correcting
            on
                one.is_corrected
                and one.figure_id = correcting.figure_id
                and one.published_at = correcting.accepted_at
        left join file on one.source_id = file.source_id and one.file_sha256 = file.file_sha256
        """,
        **named,
    )
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    is_exact = reader.is_exact(row["metric_id"], row["area_id"])
    return row | {"disclosure": told(row, is_exact=is_exact)}


def is_known(reader: Reader, figure_id: str) -> bool:
    """Whether any release moment has this figure."""
    named = cell(figure_id)
    if named is None:
        return False
    return not reader.ask(
        """
        select 1 as one
        from figure_versions_as_known(timestamp 'infinity')
        where
            metric_id = $metric_id
            and area_id = $area_id
            and stratum_id = $stratum_id
            and event_date = try_cast($event_date as date)
        limit 1
        """,
        **named,
    ).is_empty()


def withheld(reader: Reader, figure_id: str) -> str | None:
    """What stands in place of texts that people wrote on a figure; None where they may be read.

    A text may name any number that ever stood there, so it is withheld from whoever is not shown
    exact ones, and with each source that spoke of the figure. Of a source without which a release
    was built only the record can tell: there it counts as having spoken wherever several did, or
    where the record cannot be read.
    """
    named = cell(figure_id)
    if named is None:
        return None
    is_exact = reader.is_exact(named["metric_id"], named["area_id"])
    if not is_exact and _is_guarded(reader, named["metric_id"]):
        return NOT_TOLD
    spoke = {*_said_in_release(reader, named), *_on_record(reader, named)}
    return in_words(barred(reader.home, spoke, reader.viewer, is_exact=is_exact))


def _is_guarded(reader: Reader, metric_id: str) -> bool:
    """Whether people outside an area are shown controlled figures of a metric, or nobody knows."""
    asked = "select disclosure_class from metrics where metric_id = $metric_id"
    found = reader.ask(asked, metric_id=metric_id)["disclosure_class"].to_list()
    rules = read_rules()
    return any(name not in rules or rules[name].is_treated for name in found)


ONE_CELL = """
    metric_id = $metric_id
    and area_id = $area_id
    and stratum_id = $stratum_id
    and event_date = try_cast($event_date as date)
"""


def _said_in_release(reader: Reader, named: dict[str, str]) -> list[str]:
    """The sources that a release knows to have spoken of a cell, at whatever moment."""
    tables = (f"{reader.catalog}.main.{table}" for table in ("claims", "figure_versions"))
    said = " union ".join(f"select source_id from {name} where {ONE_CELL}" for name in tables)
    return reader.ask(said, **named)["source_id"].drop_nulls().to_list()


def _on_record(reader: Reader, named: dict[str, str]) -> list[str]:
    """The sources that were followed in a cell, and those left out that may have spoken of it."""
    left_out = f"""
        select distinct precedence.source_id
        from {reader.catalog}.main.precedence as precedence
        inner join {reader.catalog}.main.sources as sources using (source_id)
        where precedence.metric_id = $metric_id and not sources.is_agreed
    """
    try:
        shown = reader.ask(f"select source_id, status from figures_shown where {ONE_CELL}", **named)
        was_single = {*shown["status"].drop_nulls()} <= {"single"}
        followed = shown["source_id"].drop_nulls().to_list()
    except WrongUse:
        was_single, followed = False, []
    if was_single:
        return followed
    others = reader.ask(left_out, metric_id=named["metric_id"])
    return [*followed, *others["source_id"].to_list()]


def claims(reader: Reader, figure_id: str) -> pl.DataFrame:
    """What each source says of the cell at the reader's moment, best rank first.

    `rank` is by the rules in force at that moment; `is_used` marks the claim whose value is shown.
    """
    return reader.ask(
        """
        with said as (
            select *
            from claims
            where
                metric_id = $metric_id
                and area_id = $area_id
                and stratum_id = $stratum_id
                and event_date = try_cast($event_date as date)
                and superseded_at is null
        ),

        files as (
            select file_sha256, min(file_name) as file_name
            from arrivals
            where file_sha256 in (select file_sha256 from said)
            group by file_sha256
        )

        select
            said.*,
            sources.title as source_title,
            sources.publisher,
            files.file_name,
            precedence.rank,
            figures.figure_id is not null as is_used
        from said
        left join sources using (source_id)
        left join files using (file_sha256)
        left join precedence
            on
                said.metric_id = precedence.metric_id
                and said.source_id = precedence.source_id
                and (
                    precedence.retired_on is null
                    or precedence.retired_on > cast($as_of as timestamp)
                )
        left join figures
            on
                said.metric_id = figures.metric_id
                and said.area_id = figures.area_id
                and said.stratum_id = figures.stratum_id
                and said.event_date = figures.event_date
                and said.source_id = figures.source_id
                and said.file_sha256 = figures.file_sha256
                and said.file_row = figures.file_row
        order by precedence.rank nulls last, said.source_id
        """,
        as_of=reader.as_of,
        **(cell(figure_id) or {}),
    )


def versions(reader: Reader, figure_id: str) -> pl.DataFrame:
    """Every version of the decision known by the reader's moment, oldest first."""
    return reader.ask(
        """
        select
            figure_versions.*,
            areas.area_name,
            sources.publisher,
            figure_versions.value - lag(figure_versions.value) over (
                order by figure_versions.known_from
            ) as change
        from figure_versions
        left join areas using (area_id)
        left join sources using (source_id)
        where
            figure_versions.metric_id = $metric_id
            and figure_versions.area_id = $area_id
            and figure_versions.stratum_id = $stratum_id
            and figure_versions.event_date = try_cast($event_date as date)
        order by figure_versions.known_from
        """,
        **(cell(figure_id) or {}),
    )


def changes(reader: Reader, figure_id: str) -> pl.DataFrame:
    """Why the figure changed: one row a part, with version, kind, amount and event_text."""
    return reader.ask(
        """
        select version, kind, amount, event_text
        from figure_changes
        where
            metric_id = $metric_id
            and area_id = $area_id
            and stratum_id = $stratum_id
            and event_date = try_cast($event_date as date)
        order by version, part
        """,
        **(cell(figure_id) or {}),
    )


def related(reader: Reader, figure_id: str) -> pl.DataFrame:
    """Other definitions of the same quantity, in the same area on the same date.

    A day is set beside days only, a week beside weeks, a total so far beside totals so far.
    """
    return reader.ask(
        """
        with asked_for as (
            select * from metrics where metric_id = $metric_id
        )

        select
            figures.*,
            metrics.metric_name,
            metrics.definition,
            metrics.grain,
            metrics.decimals,
            sources.publisher
        from figures
        inner join metrics using (metric_id)
        inner join asked_for
            on
                metrics.quantity_id = asked_for.quantity_id
                and metrics.grain = asked_for.grain
                and (metrics.cumulative_of is null) = (asked_for.cumulative_of is null)
        left join sources using (source_id)
        where
            figures.area_id = $area_id
            and figures.stratum_id = $stratum_id
            and figures.event_date = try_cast($event_date as date)
            and figures.metric_id <> asked_for.metric_id
        order by metrics.headline_rank nulls last, metrics.metric_name
        """,
        **(cell(figure_id) or {}),
    )


def events(reader: Reader, figure_id: str) -> pl.DataFrame:
    """Recorded events that touch the cell and had happened by the newest publication.

    As in the kinds of changes: the days of an event end before `event_until`, an event of a daily
    metric speaks of its running total as well, and one of a source of those who speak of the cell.
    """
    named = cell(figure_id) or {}
    return reader.ask(
        """
        with speaking as (
            select distinct source_id
            from claims
            where
                metric_id = $metric_id
                and area_id = $area_id
                and stratum_id = $stratum_id
                and event_date = try_cast($event_date as date)
        )

        select events.kind, events.happened_on, events.published_text, events.link
        from events
        inner join metrics
            on
                metrics.metric_id = $metric_id
                and coalesce(events.metric_id, $metric_id)
                in (metrics.metric_id, metrics.cumulative_of)
        where
            coalesce(events.area_id, $area_id) = $area_id
            and (
                events.source_id is null
                or events.source_id in (select source_id from speaking)
            )
            and (events.event_from is null or events.event_from <= try_cast($event_date as date))
            and (events.event_until is null or events.event_until > try_cast($event_date as date))
            -- What happened after anything here was published explains nothing here.
            and events.happened_on <= (select max(published_at) from publications)
        order by events.happened_on
        """,
        **named,
    )


def shown(reader: Reader, figure_id: str) -> pl.DataFrame | None:
    """What the pages showed of the figure and how long, oldest first; None where unreadable.

    `first_release_id` is the release that began to show it. A reader's moment does not cut this:
    what was shown is a matter of record and not of what was known.
    """
    try:
        return reader.ask(
            """
            select
                figures_shown.value,
                figures_shown.lower,
                figures_shown.upper,
                figures_shown.missing_reason,
                figures_shown.source_id,
                figures_shown.status,
                figures_shown.is_provisional,
                figures_shown.is_corrected,
                figures_shown.shown_from,
                figures_shown.shown_to,
                releases_shown.release_id as first_release_id
            from figures_shown
            inner join releases_shown using (shown_from)
            where
                figures_shown.metric_id = $metric_id
                and figures_shown.area_id = $area_id
                and figures_shown.stratum_id = $stratum_id
                and figures_shown.event_date = try_cast($event_date as date)
            order by figures_shown.shown_from
            """,
            **(cell(figure_id) or {}),
        )
    except WrongUse:
        return None


def shown_by(reader: Reader, figure_id: str, release_id: str) -> pl.DataFrame:
    """What a release showed of a figure, a row for each span in which it was current.

    No row where the record does not name the release; `figure_id` is empty where the release
    showed no such figure. Raises `WrongUse` when the record cannot be read.
    """
    return reader.ask(
        """
        select
            releases_shown.release_id,
            releases_shown.shown_from,
            releases_shown.shown_to,
            figures_shown.* exclude (shown_from, shown_to)
        from releases_shown
        left join figures_shown
            on
                figures_shown.metric_id = $metric_id
                and figures_shown.area_id = $area_id
                and figures_shown.stratum_id = $stratum_id
                and figures_shown.event_date = try_cast($event_date as date)
                and figures_shown.shown_from <= releases_shown.shown_from
                and coalesce(figures_shown.shown_to > releases_shown.shown_from, true)
        where releases_shown.release_id = $release_id
        order by releases_shown.shown_from
        """,
        release_id=release_id,
        **(cell(figure_id) or {}),
    )
