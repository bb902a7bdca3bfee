-- The series of a return is the metric that its row names.

with source as (
    select * from {{ source('local_returns', 'returns') }}
),

renamed as (
    select
        'local_returns' as source_id,
        source.metric as series_id,
        {{ published_code('source.area_code') }} as area_code,
        source.area_name,
        'all' as stratum_id,
        source.event_date,
        {{ published_number('source.value') }} as value,
        missing_marks.lower,
        missing_marks.upper,
        missing_marks.missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from source
    left join {{ ref('missing_marks') }} as missing_marks
        on lower(source.value) = missing_marks.mark
)

select * from renamed
