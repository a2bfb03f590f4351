with

listed (studio, aliases) as (

    values
    ('20th Television', array['20th Century TV', '20th Century Fox TV']::text[]),
    ('ABC Signature', array['ABC Studios']::text[]),
    (
        'Disney Branded Television',
        array['Disney Channel Productions', 'Disney Television', 'Star Original']::text[]
    ),
    ('FX Productions', array['FX']::text[]),
    ('Searchlight Television', array[]::text[]),
    ('Marvel Television', array['Marvel TV', 'Marvel Studios Television']::text[]),
    ('Touchstone Television', array['ABC Signature Studios', 'Touchstone TV']::text[]),
    ('Lucasfilm', array[]::text[]),
    ('Pixar', array[]::text[]),
    ('20th Television Animation', array['20th Century Animation']::text[]),
    (
        'Warner Bros Television',
        array[
            'WBTV',
            'Warner Bros. Television',
            'Warner Bros. Television Studios',
            'Warner Brothers Television',
            'Warner Brothers Television Studios',
            'WB Television Studios',
            'WB TV Studios',
            'Warner Bros. Studio',
            'Warner Bros. TV'
        ]::text[]
    ),
    (
        'Warner Horizon',
        array['Warner Horizon Television', 'Warner Horizon Scripted Television']::text[]
    ),
    ('Warner Bros Animation', array['WBA', 'Warner Bros. Animation']::text[]),
    ('Telepictures', array[]::text[]),
    ('HBO Productions', array['HBO', 'HBO Max', 'HBO Original Productions']::text[]),
    ('Universal Television', array['UTV']::text[]),
    (
        'Universal Content Productions',
        array[
            'UCP',
            'Universal Content Production',
            'Universal Studio Group',
            'Universal Television Studios'
        ]::text[]
    ),
    ('Universal Studio Group', array['USG', 'Universal Television Studios']::text[]),
    (
        'Matchbox Pictures',
        array['NBCUniversal International Studios', 'Universal Television International']::text[]
    ),
    (
        'Paramount Television Studios',
        array['Paramount TV', 'Paramount Network Original', 'Paramount Television']::text[]
    ),
    ('MTV Entertainment Studios', array['MTV Studios']::text[]),
    ('Showtime Networks', array['Showtime', 'Showtime Studios']::text[]),
    ('CBS Studios', array['CBS Television Studios', 'CBS Television']::text[]),
    ('BET Studios', array['BET Original Productions', 'BET']::text[]),
    ('Netflix Studios', array['Netflix']::text[]),
    (
        'Amazon Studios',
        array[
            'Amazon Original Productions',
            'Amazon Prime Original',
            'Amazon Prime Studios'
        ]::text[]
    ),
    (
        'MGM Television',
        array['Metro-Goldwyn-Mayer Television', 'MGM TV', 'MGM/UA Television']::text[]
    ),
    (
        'Apple Studios',
        array['Apple Original Films', 'Apple TV+ Studios', 'Apple Original Productions']::text[]
    ),
    ('AMC Studios', array['AMC Original Studios', 'AMC Studio', 'AMC']::text[])

)

select
    listed.studio,
    listed.aliases
from listed
