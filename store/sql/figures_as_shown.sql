-- What the pages showed then: every figure of the release that was current, whether or not that
-- release is still kept. `release_id` names it; `shown_from` and `shown_to` say how long the pages
-- showed just this.
select
    figures.*,
    releases.release_id
from {{ catalog }}.main.figures_shown as figures
inner join {{ catalog }}.main.releases_shown as releases
    on
        releases.shown_from <= moment
        and (releases.shown_to is null or releases.shown_to > moment)
where
    figures.shown_from <= moment
    and (figures.shown_to is null or figures.shown_to > moment)
