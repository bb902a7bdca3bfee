{{ config(materialized='incremental', incremental_strategy='append') }}
-- Every published value of every source whose agreement holds, in one shape; a file that is known
-- already adds nothing.

with united as (
    {% for model in statement_models() %}
        select {{ statement_columns() }} from {{ ref(model) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

arrived as (
    select united.*
    from united
    inner join {{ ref('sources') }} as sources
        on united.source_id = sources.source_id and sources.is_agreed
    {% if is_incremental() %}
        left join (select distinct source_id, file_sha256 from {{ this }}) as before
            on united.source_id = before.source_id and united.file_sha256 = before.file_sha256
        where before.file_sha256 is null
    {% endif %}
)

select * from arrived
