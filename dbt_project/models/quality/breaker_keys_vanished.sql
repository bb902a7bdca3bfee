-- Areas that most files of a month listed and this one does not, and more of them than come and go
-- with its files. While a source is new, a few do not count, nor a kind that goes altogether.

with tripped as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.landed_at,
        keys.area_type,
        keys.found + keys.missing as expected,
        keys.found,
        keys.example_area_id,
        'keys_vanished' as breaker_id
    from {{ ref('vanished_keys') }} as keys
    inner join {{ ref('file_order') }} as files
        on
            keys.source_id = files.source_id
            and keys.metric_id = files.metric_id
            and keys.place = files.place
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'keys_vanished'
    where
        case
            when keys.files_before >= 10
                then keys.missing > thresholds.factor * keys.usually_missing
            else
                keys.found + keys.missing >= thresholds.least_count
                and keys.found > keys.missing
                and keys.missing > thresholds.floor * (keys.found + keys.missing)
        end
)

select * from tripped
