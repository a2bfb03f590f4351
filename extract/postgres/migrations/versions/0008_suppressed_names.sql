-- A decision holds the ids of a person that were known: TMDb's, where there is one, and IMDb's. Those from before have
-- none of IMDb's.

create or replace view raw.suppressed_people as
select (payload ->> 'tmdb_id')::integer as tmdb_person_id
from raw.showhouse_suppressed_people
where superseded_by is null and payload @> '{"is_suppressed": true}' and payload ->> 'tmdb_id' is not null;

create view raw.suppressed_names as
select distinct named.id #>> '{}' as imdb_person_id
from raw.showhouse_suppressed_people as decisions
cross join lateral jsonb_path_query(decisions.payload, '$.imdb_ids[*]') as named (id)
where decisions.superseded_by is null and decisions.payload @> '{"is_suppressed": true}';

comment on view raw.suppressed_names is
    'People to be forgotten, by IMDb id: as `raw.suppressed_people`, of what IMDb says.';
