-- What each figure was on the pages, as intervals: those on record, and what is shown from now on.
-- A figure whose row differs ends and begins, one that is gone ends, every other goes on.
-- `showing` is the one row that names the release that is shown from now on.
create table figures_shown as
with shown_before as (
    select * from before.main.figures_shown where shown_to is null
),

compared as (
    select
        shown_before.figure_id as ended_id,
        figures.figure_id as begun_id
    from shown_before
    full join released.main.figures as figures on shown_before.figure_id = figures.figure_id
    where
        shown_before.figure_id is null
        or figures.figure_id is null
        or (
            shown_before.value,
            shown_before.lower,
            shown_before.upper,
            shown_before.source_id,
            shown_before.status,
            shown_before.missing_reason,
            shown_before.is_provisional,
            shown_before.is_corrected
        ) is distinct from (
            figures.value,
            figures.lower,
            figures.upper,
            figures.source_id,
            figures.status,
            figures.missing_reason,
            figures.is_provisional,
            figures.is_corrected
        )
),

kept as (
    select
        shown.* replace (
            case
                when shown.shown_to is null and compared.ended_id is not null
                    then showing.shown_from
                else shown.shown_to
            end as shown_to
        )
    from before.main.figures_shown as shown
    cross join showing
    left join compared on shown.figure_id = compared.ended_id
),

begun as (
    select
        figures.figure_id,
        figures.metric_id,
        figures.area_id,
        figures.stratum_id,
        figures.event_date,
        figures.value,
        figures.lower,
        figures.upper,
        figures.source_id,
        figures.status,
        figures.missing_reason,
        figures.is_provisional,
        figures.is_corrected,
        showing.shown_from,
        cast(null as timestamp) as shown_to
    from released.main.figures as figures
    cross join showing
    inner join compared on figures.figure_id = compared.begun_id
)

select * from kept
union all
select * from begun
order by metric_id, area_id, stratum_id, event_date, shown_from
