-- With all of television there are eight million episodes: a changed series asks for its own, and a changed row of
-- IMDb's for the shows that it concerns. Both tables are their resources' own; they stand here, before the registry's
-- others, because of the indexes.

do $$
begin
    if to_regclass('raw.tmdb_tv_external_ids') is null then
        perform raw.create_resource_table('tmdb_tv_external_ids', 'tmdb:tv:');
    end if;
end
$$;
select raw.create_resource_table('imdb_title_episode', 'imdb:');

create index imdb_title_episode_parent on raw.imdb_title_episode ((payload ->> 'parentTconst'));
create index tmdb_tv_external_ids_imdb_id on raw.tmdb_tv_external_ids ((payload ->> 'imdb_id'));
