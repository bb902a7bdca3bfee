-- Areas that most files of a fortnight listed and this one does not, and more of them than come and
-- go with its files. A handful of areas, such as the nations, come and go by themselves. While a
-- source is new a few do not count, nor a kind that goes altogether: another edition, no accident; nor
-- what a source leaves out that sends a part at a time.

with tripped as (
    select
        keys.source_id,
        keys.metric_id,
        keys.file_sha256,
        keys.landed_at,
        keys.area_type,
        keys.expected,
        keys.expected - keys.missing as found,
        keys.example_area_id,
        'keys_vanished' as breaker_id
    from {{ ref('vanished_keys') }} as keys
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'keys_vanished'
    inner join {{ ref('sources') }} as sources on keys.source_id = sources.source_id
    where
        case
            when keys.files_before >= {{ enough_files() }}
                then
                    keys.expected >= thresholds.least_count
                    and keys.missing > thresholds.factor * keys.usually_missing
            else
                sources.absence = 'withdrawn'
                and keys.expected >= thresholds.least_count_when_new
                and 2 * keys.missing < keys.expected
                and keys.missing > thresholds.floor_when_new * keys.expected
        end
)

select * from tripped
