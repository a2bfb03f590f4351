-- Of whom nothing is fetched, kept or shown. The table is the resource's own; it stands here, before the registry's
-- others, because the view reads it.

select raw.create_resource_table('showhouse_suppressed_people', '');

create view raw.suppressed_people as
select (payload ->> 'tmdb_id')::integer as tmdb_person_id
from raw.showhouse_suppressed_people
where superseded_by is null and payload @> '{"is_suppressed": true}';

comment on view raw.suppressed_people is
    'People to be forgotten, by TMDb id: leave them out of what is due, and out of everything that names a person.';
