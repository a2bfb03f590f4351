with

listed (network, type, parent_company, aliases) as (

    values
    ('ABC', 'Broadcast', 'Disney', array['ABC Network', 'American Broadcasting Company']::text[]),
    ('AMC', 'Cable', 'AMC Networks', array['AMC+', 'AMC Plus']::text[]),
    (
        'Apple TV+', 'Streamer', 'Apple',
        array['Apple', 'Apple TV', 'Apple+', 'Apple Original', 'Apple TV Plus']::text[]
    ),
    (
        'Blackpills', 'Digital', 'Blackpills SAS',
        array['Blackpills', 'BlackPills', 'Black Pills']::text[]
    ),
    (
        'Canal Plus', 'Premium', 'Vivendi (Canal Group)',
        array['Canal+', 'Canal Plus', 'CANAL+', 'Canal Plus Group', 'StudioCanal']::text[]
    ),
    ('CBS', 'Broadcast', 'Paramount', array['CBS Network', 'Columbia Broadcasting']::text[]),
    ('Disney+', 'Streamer', 'Disney', array['Disney Plus', 'D+', 'Disney Original']::text[]),
    ('Fox', 'Broadcast', 'Fox', array['FOX Network', 'Fox Broadcasting']::text[]),
    ('FX', 'Cable', 'Disney', array['FX', 'FX Network', 'FX on Hulu', 'FX Original']::text[]),
    ('Hulu', 'Streamer', 'Disney', array['Hulu Original', 'Hulu+']::text[]),
    ('NBC', 'Broadcast', 'NBCU', array['NBC Network', 'National Broadcasting']::text[]),
    ('Netflix', 'Streamer', 'Netflix', array['NFLX', 'Netflix+']::text[]),
    ('Paramount+', 'Streamer', 'Paramount', array['Paramount Plus', 'P+']::text[]),
    ('Peacock', 'Streamer', 'NBCU', array['Peacock Original', 'Peacock+']::text[]),
    (
        'Prime Video', 'Streamer', 'Amazon',
        array[
            'Amazon',
            'Amazon Prime',
            'Prime Video',
            'Amazon Prime Video',
            'Amazon Original',
            'Amazon Studios'
        ]::text[]
    ),
    ('Showtime', 'Premium', 'Paramount', array['SHO', 'Showtime Original']::text[]),
    ('Starz', 'Premium', 'Lionsgate', array['STARZ']::text[]),
    ('TBS', 'Cable', 'Warner Bros Discovery', array['Turner Broadcasting']::text[]),
    ('TNT', 'Cable', 'Warner Bros Discovery', array['Turner Network Television']::text[]),
    ('USA', 'Cable', 'NBCU', array['USA Network', 'USA Original']::text[]),
    (
        'CW', 'Broadcast', 'Nexstar Media Group',
        array['CW', 'The CW', 'CW Network', 'The CW Network']::text[]
    ),
    ('Tubi', 'Streamer', 'Fox', array['Tubi tv', 'Tubitv']::text[]),
    ('Mgm+', 'Premium', 'Amazon', array['EPIX', 'MGM+', 'Epix']::text[]),
    (
        'Hallmark+ ', 'Streamer', 'Crown Media',
        array['Hallmark Channel', 'Hallmark Media', 'Hallmark', 'Hallmark+']::text[]
    ),
    (
        'BET', 'Streamer', 'Paramount',
        array['Paramount BET Plus', 'BET+', 'BET Network', 'Black Entertainment Television']::text[]
    ),
    ('Nickelodeon', 'Cable', 'Paramount', array['Nick']::text[]),
    (
        'HBO', 'Premium', 'Warner Bros Discovery',
        array['HBO Network', 'HBO Max', 'HBOMax', 'Max', 'HBO Original']::text[]
    )

)

select
    listed.network,
    listed.type,
    listed.parent_company,
    listed.aliases
from listed
