{# Whether something newer counted already when a held file was let go. #}
{% macro is_overtaken(waiting, good) -%}
    {{ good }}.counts_from <= {{ waiting }}.let_go_at
            and (
                {{ good }}.published_at > {{ waiting }}.published_at
                or (
                    {{ good }}.published_at = {{ waiting }}.published_at
                    and {{ good }}.landed_at > {{ waiting }}.landed_at
                )
            )
{%- endmacro %}
