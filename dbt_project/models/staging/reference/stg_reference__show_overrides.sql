with

listed (imdb_id, tmdb_id, title, network, minimum_episodes) as (

    values
    -- a talk show: who is seen there is its guest
    ('tt2057880', 22980, 'Watch What Happens Live with Andy Cohen', 'Bravo', 'SKIP')

)

select
    listed.imdb_id,
    listed.tmdb_id,
    listed.title,
    listed.network,
    listed.minimum_episodes
from listed
