-- Of the claims behind figures that are not public, those that were followed, with what is shown.
-- What a source said that was not followed stays away: beside the figure it would tell too much.
with followed as (
    select
        claims.* exclude (value, lower, upper, missing_reason, superseded_at),
        versions.value,
        versions.lower,
        versions.upper,
        versions.missing_reason,
        versions.version
    from warehouse.main.claims as claims
    inner join controlled_figure_versions as versions
        on
            claims.figure_id = versions.figure_id
            and claims.source_id = versions.source_id
            and claims.published_at = versions.published_at
            and claims.file_sha256 = versions.file_sha256
    qualify row_number() over (partition by claims.claim_id order by versions.version desc) = 1
)

select
    claims.* replace (
        followed.value as value,
        followed.lower as lower,
        followed.upper as upper,
        followed.missing_reason as missing_reason,
        lead(followed.published_at) over (
            partition by followed.figure_id, followed.source_id order by followed.published_at
        ) as superseded_at
    )
from warehouse.main.claims as claims
inner join followed on claims.claim_id = followed.claim_id
