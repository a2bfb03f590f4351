-- A changed row of IMDb's names asks which people it is about, and a person's claimed id which series credit it. The
-- tables are their resources' own; they stand here, before the registry's others, because of the indexes.

do $$
begin
    if to_regclass('raw.tmdb_person_details') is null then
        perform raw.create_resource_table('tmdb_person_details', 'tmdb:person:');
    end if;
    if to_regclass('raw.tmdb_person_external_ids') is null then
        perform raw.create_resource_table('tmdb_person_external_ids', 'tmdb:person:');
    end if;
    if to_regclass('raw.imdb_title_principals') is null then
        perform raw.create_resource_table('imdb_title_principals', 'imdb:');
    end if;
end
$$;

create index tmdb_person_details_imdb_id on raw.tmdb_person_details ((payload ->> 'imdb_id'));
create index tmdb_person_external_ids_imdb_id on raw.tmdb_person_external_ids ((payload ->> 'imdb_id'));
create index imdb_title_principals_person on raw.imdb_title_principals ((payload ->> 'nconst'));
