"""Whether each source arrived, and was right: one row a source, and one a source and day."""

from datetime import date

import polars as pl

from dashboard.queries.arrivals import freshness
from store.reader import Reader

CALENDAR = "due_days"
# The worst first; a source is what comes first of all that is true of it.
STATES = ("held", "refused", "late", "nothing", "current", "ended")
PROBLEMS = ("held", "refused", "late")


def overview(reader: Reader) -> pl.DataFrame:
    """One row a source as `states` gives it, with `disputes`: the figures it disagrees about."""
    found = states(reader).join(
        _disputes(reader), on="source_id", how="left", maintain_order="left"
    )
    return found.with_columns(pl.col("disputes").fill_null(0))


def states(reader: Reader) -> pl.DataFrame:
    """One row a source, those with a problem first.

    `state` is one of `STATES`; `is_late` and `is_refused` are true also of one with a file held.
    Late is what the breaker says, or a newest file older than the rhythm of its source allows.
    `rows_landed` are those of the newest file, `quarantined` all rows that are set aside, `held`
    its files that a breaker holds.
    """
    found = freshness(reader).join(_counted(reader), on="source_id", how="left")
    found = found.with_columns(
        pl.col("quarantined", "held").fill_null(0),
        is_late=pl.col("is_late").fill_null(value=False) | (pl.col("state") == "late"),
        is_refused=pl.col("state") == "refused",
    )
    return found.with_columns(state=_state()).sort(
        pl.col("state").replace_strict(dict(zip(STATES, range(len(STATES)), strict=True))),
        "title",
    )


def late(reader: Reader) -> pl.DataFrame:
    """Sources that are late, one of which a file is held among them: as `states`, by title."""
    return states(reader).filter("is_late").sort("title")


def of_metric(reader: Reader, metric_id: str) -> set[str]:
    """The sources that ever said something of a measure."""
    found = reader.ask(
        "select distinct source_id from claims where metric_id = $metric_id", metric_id=metric_id
    )
    return {*found["source_id"]}


def _state() -> pl.Expr:
    return (
        pl.when(pl.col("held") > 0)
        .then(pl.lit("held"))
        .when("is_refused")
        .then(pl.lit("refused"))
        .when("is_late")
        .then(pl.lit("late"))
        .otherwise(pl.col("state"))
    )


def _counted(reader: Reader) -> pl.DataFrame:
    return reader.ask(
        """
        with newest as (
            select source_id, rows_landed
            from arrivals
            where verdict = 'landed'
            qualify row_number() over (
                partition by source_id order by published_at desc, landed_at desc
            ) = 1
        ),

        set_aside as (
            select source_id, count(*) as quarantined
            from quarantined
            group by source_id
        ),

        tripped as (
            select
                source_id,
                count(distinct file_sha256) filter (where severity = 'hold') as held,
                bool_or(breaker_id = 'late') as is_late
            from breakers
            where is_open
            group by source_id
        )

        select
            sources.source_id,
            sources.cadence,
            newest.rows_landed,
            set_aside.quarantined,
            tripped.held,
            tripped.is_late
        from sources
        left join newest using (source_id)
        left join set_aside using (source_id)
        left join tripped using (source_id)
        """
    )


def _disputes(reader: Reader) -> pl.DataFrame:
    return reader.ask(
        """
        select source_id, count(distinct figure_id) as disputes
        from disagreements
        where status = 'disputed' and kind = 'same_definition'
        group by source_id
        """
    )


def has_calendar(reader: Reader) -> bool:
    """Whether a release says when something was due; one of before does not."""
    return CALENDAR in reader.release.rows


def calendar(reader: Reader, first: date, last: date) -> pl.DataFrame:
    """One row a source and day on which something came or its weekday is one of publication.

    `arrived`, `refused` and `held` count files of that day by their publication, or by their
    landing where it is not known; `is_late` is what the breaker knew by the reader's moment, and
    `is_over` that some source published on a later day, so that it had been judged.
    """
    return reader.ask(
        """
        with held as (
            select distinct source_id, file_sha256
            from breakers
            where severity = 'hold' and is_open
        ),

        came as (
            select
                arrivals.source_id,
                cast(coalesce(arrivals.published_at, arrivals.landed_at) as date) as day,
                count(*) filter (where verdict in ('landed', 'known')) as arrived,
                count(*) filter (where verdict = 'refused') as refused,
                count(held.file_sha256) as held
            from arrivals
            left join held using (source_id, file_sha256)
            group by all
        ),

        due as (
            select source_id, due_on as day, due_time, holiday_name, is_due, late_from
            from due_days
        )

        select
            source_id,
            day,
            coalesce(came.arrived, 0) as arrived,
            coalesce(came.refused, 0) as refused,
            coalesce(came.held, 0) as held,
            due.due_time,
            due.holiday_name,
            coalesce(due.is_due, false) as is_due,
            due.late_from is not null as is_late,
            day < (
                select max(published_at)::date
                from arrivals
                where verdict in ('landed', 'known') and source_id <> 'ground_reports'
            ) as is_over
        from came
        full join due using (source_id, day)
        where day between $first and $last
        order by source_id, day
        """,
        first=first,
        last=last,
    )
