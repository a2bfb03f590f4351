with

listed (show_tmdb_id, host_name) as (

    values
    (22980, 'Andy Cohen') -- Watch What Happens Live

)

select
    listed.show_tmdb_id,
    listed.host_name
from listed
