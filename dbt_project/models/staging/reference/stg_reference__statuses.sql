with

listed (tmdb_status, status) as (

    values
    ('Returning Series', 'Active'),
    ('Pilot', 'Active'),
    ('Ended', 'Ended'),
    ('Canceled', 'Cancelled'),
    ('Planned', 'Development'),
    ('In Production', 'Development')

)

select
    listed.tmdb_status,
    listed.status
from listed
