-- Everybody who says something about one quantity, place and day, side by side. Claims of one
-- metric can disagree; those of related metrics are compared and never merged.

with families as (
    select
        metric_id,
        quantity_id,
        metric_name,
        grain,
        cumulative_of is not null as is_running_total,
        owner
    from {{ ref('metrics') }}
),

said as (
    select
        families.quantity_id,
        families.metric_name,
        families.owner,
        claims.figure_id,
        claims.metric_id,
        claims.area_id,
        claims.stratum_id,
        claims.event_date,
        claims.source_id,
        claims.value,
        claims.published_at,
        claims.file_sha256,
        claims.file_row,
        count(*) over (
            partition by
                families.quantity_id,
                -- A week is never set beside a day, nor a total so far beside a day.
                families.grain,
                families.is_running_total,
                claims.area_id,
                claims.stratum_id,
                claims.event_date
        ) as voices
    from {{ ref('claims') }} as claims
    inner join families using (metric_id)
    where claims.superseded_at is null and claims.value is not null
),

compared as (
    select
        said.quantity_id,
        said.figure_id,
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date,
        said.source_id,
        said.value,
        figures.value as figure_value,
        said.value - figures.value as gap,
        (said.value - figures.value) / nullif(abs(figures.value), 0) as gap_relative,
        -- Where an older value stands until a person decides, what its source says now is not used.
        coalesce(
            said.source_id = figures.source_id
            and said.file_sha256 = figures.file_sha256
            and said.file_row = figures.file_row,
            false
        ) as is_used,
        case when figures.sources_reporting > 1 then 'same_definition' else 'related_definition' end
            as kind,
        figures.status,
        figures.explained_by,
        figures.rule_id,
        precedence.reason,
        said.owner,
        figures.disagreed_from,
        figures.awaits_decision,
        said.published_at
    from said
    inner join {{ ref('figures') }} as figures using (figure_id)
    left join {{ ref('precedence') }} as precedence
        on
            said.metric_id = precedence.metric_id
            and said.source_id = precedence.source_id
            and precedence.retired_on is null
    where said.voices > 1
)

select * from compared
