with

listed (source, name, attribution, licence, retention_days) as (

    values
    (
        'tmdb',
        'TMDb',
        'This product uses the TMDB API but is not endorsed or certified by TMDB.',
        'TMDb API terms of use; commercial use needs an agreement with TMDb.',
        180
    ),
    (
        'justwatch',
        'JustWatch',
        'Watch provider data by JustWatch.',
        'Told through TMDb, whose terms ask that JustWatch be named wherever it is shown.',
        180
    ),
    (
        'imdb',
        'IMDb',
        'Information courtesy of IMDb (https://www.imdb.com). Used with permission.',
        'IMDb non-commercial datasets; personal and non-commercial use only.',
        null
    ),
    (
        'fandom',
        'Fandom',
        'Text of Fandom''s wikis by their contributors, under CC BY-SA; each page is named.',
        'CC BY-SA: page and revision are named wherever its text is shown.',
        null
    ),
    ('showhouse', 'Showhouse', null, 'Our own records.', null)

)

select
    listed.source,
    listed.name,
    listed.attribution,
    listed.licence,
    listed.retention_days::integer as retention_days
from listed
