{# The natural logarithm of how many times one count is another; one is added, so that none is no error. #}
{% macro log_ratio(total, reference_total) -%}
    ln((greatest({{ total }}, 0) + 1) / (greatest({{ reference_total }}, 0) + 1))
{%- endmacro %}

{# A count as a person reads it; one that no whole number holds stands as it is, so nothing stops at it. #}
{% macro people(total) -%}
    coalesce(
        cast(try_cast(round({{ total }}) as bigint) as string),
        cast({{ total }} as string)
    )
{%- endmacro %}

{# The files of a source before this one, as many as are looked back on. #}
{% macro files_before(partition, files=84) -%}
    (
        partition by {{ partition }}
        order by published_at, landed_at, file_sha256
        rows between {{ files }} preceding and 1 preceding
    )
{%- endmacro %}

{# Of which file, and of which kind of people and areas in it, something is said. #}
{% macro file_slice_columns(of='') -%}
    {%- set dot = of ~ '.' if of else '' -%}
    {{ dot }}source_id,
    {{ dot }}metric_id,
    {{ dot }}stratum_id,
    {{ dot }}area_type,
    {{ dot }}file_sha256,
    {{ dot }}published_at,
    {{ dot }}landed_at
{%- endmacro %}

{# What a file said, beside what its witnesses had seen of the same when it came. #}
{% macro said_and_seen(said, seen, same) -%}
    {{ ref(said) }} as said
    inner join {{ ref('file_witnesses') }} as witnesses
        on
            said.source_id = witnesses.source_id
            and said.metric_id = witnesses.metric_id
            and said.file_sha256 = witnesses.file_sha256
    inner join {{ ref(seen) }} as seen
        on
            witnesses.witness = seen.source_id
            and witnesses.witness_sha256 = seen.file_sha256
            and said.metric_id = seen.metric_id
            and said.stratum_id = seen.stratum_id
            {%- for column in same %}
            and said.{{ column }} = seen.{{ column }}
            {%- endfor %}
{%- endmacro %}

{# How many people an area of a file would have by its usual share, among the areas that it shares
   with the files before. One that has its first case makes no other file of it, nor does one that
   is left out; where a tenth of the people or of the usual shares is not common to both, the shares
   are not comparable and nothing is said. Needs a window `one_kind` over the areas of a file. #}
{% macro people_by_share() -%}
    case
        when
            sum(case when mean_share is not null then total end) over one_kind
            >= 0.9 * total_of_kind
            and sum(mean_share) over one_kind between 0.9 and 1.1
            then
                usual_share
                * sum(case when mean_share is not null then total end) over one_kind
                / sum(mean_share) over one_kind
    end
{%- endmacro %}

{# Whether a count is far from another by the floors of a breaker alone, with nothing learned. #}
{% macro is_apart(total, other_total) -%}
    greatest({{ total }}, {{ other_total }}) >= thresholds.least_count
    and abs({{ log_ratio(total, other_total) }}) > greatest(
        thresholds.floor,
        thresholds.chance / sqrt(greatest({{ total }}, {{ other_total }}))
    )
{%- endmacro %}

{# What every sighting has: a slice of a file, and what a witness says of the same slice. #}
{% macro sighting_columns() -%}
    {{ file_slice_columns() }},
    witness,
    scope,
    subject,
    slot,
    is_settled,
    total,
    reference_total
{%- endmacro %}

{# From how many files on the history of a series speaks for it. #}
{% macro enough_files() -%}
    10
{%- endmacro %}

{% macro stands_beside_days_said_right(steps, levels) -%}
    {#- The last file made a step away from what is usual, and on the days that both say there is none. -#}
    {{ levels }}.large_step <> 0 and {{ levels }}.level <> 0 and {{ levels }}.usual_level = 0
    and {{ steps }}.large_step = 0
    and abs({{ steps }}.step) <= ln(1.5) and abs({{ steps }}.step_from_usual) <= ln(1.5)
{%- endmacro %}
