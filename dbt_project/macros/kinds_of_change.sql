{# The closed list of kinds, in the order in which the rules are tried. #}
{% macro kind_of_change() -%}
    case
        when value is null and missing_reason like 'suppressed%' then 'suppression'
        when value is null and missing_reason = 'removed_by_opt_out' then 'opt_out'
        when value is null then 'withdrawal'
        when part = 'stated' then event_kind
        -- From the publisher's value to that of an accepted report, or back to what was repaired.
        when source_id = 'ground_reports' then 'correction'
        when source_id_before = 'ground_reports' then 'correction'
        -- A first value: new, unless its source had spoken before and brings this day late.
        when value_before is null and cast(known_from as date) > cast(provisional_until as date)
            and first_published_at < provisional_until and version = 1 then 'late_return'
        when value_before is null then 'new'
        when source_id <> source_id_before then 'source_switch'
        when event_kind is not null then event_kind
        when zero_sum_net = 0 then 'reallocation'
        when amount < 0 then 'correction'
        when cast(known_from as date) <= cast(provisional_until as date) then 'backfill'
        else 'late_return'
    end
{%- endmacro %}
