{# The natural logarithm of how many times one count is another; one is added, so that none is no error. #}
{% macro log_ratio(total, reference_total) -%}
    ln((greatest({{ total }}, 0) + 1) / (greatest({{ reference_total }}, 0) + 1))
{%- endmacro %}

{# A count as a person reads it. #}
{% macro people(total) -%}
    cast(cast(round({{ total }}) as bigint) as string)
{%- endmacro %}

{# The files of a source before this one, as many as are looked back on. #}
{% macro files_before(partition, files=84) -%}
    (
        partition by {{ partition }}
        order by published_at, landed_at, file_sha256
        rows between {{ files }} preceding and 1 preceding
    )
{%- endmacro %}

{# What every sighting has: a slice of a file, and what a witness says of the same slice. #}
{% macro sighting_columns() -%}
    source_id,
    metric_id,
    stratum_id,
    area_type,
    file_sha256,
    published_at,
    landed_at,
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
