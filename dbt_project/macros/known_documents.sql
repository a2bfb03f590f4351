{#-
    What TMDb's documents are known to hold: by resource and place, the keys of the objects there and, where a key has
    few values, those (written from TMDb's published description and from answers; `''` says as little as null).
    What is not named here breaks nothing: it shows in `marts.schema_drift`. A place is written as `extract.mentions`
    writes it: `episodes[].crew[]`; `''` is the document itself, `.*` every member of an object.
-#}
{% macro known_documents() -%}
{%- set person = 'adult gender id known_for_department name original_name popularity profile_path' -%}
{%- set credit = person ~ ' credit_id' -%}
{%- set episode = 'air_date episode_number episode_type id name overview production_code runtime season_number show_id
    still_path vote_average vote_count' -%}
{%- set owner = 'id logo_path name origin_country' -%}
{%- set image = 'aspect_ratio file_path file_type height id iso_639_1 iso_3166_1 vote_average vote_count width' -%}
{%- set translation = 'data english_name iso_3166_1 iso_639_1 name' -%}
{%- set genders = ['0', '1', '2', '3'] -%}
{%- set departments = [
    '', 'Acting', 'Actors', 'Art', 'Camera', 'Costume & Make-Up', 'Creator', 'Crew', 'Directing', 'Editing',
    'Lighting', 'Production', 'Sound', 'Visual Effects', 'Writing',
] -%}
{%- set kinds_of_episode = {'episode_type': ['', 'standard', 'finale', 'mid_season']} -%}
{%- set orders = ['1', '2', '3', '4', '5', '6', '7'] -%}
{%- set of_person = {'gender': genders, 'known_for_department': departments} -%}
{%- set of_crew = {'gender': genders, 'known_for_department': departments, 'department': departments} -%}
{{ return({
    'tmdb_tv_details': [
        ('', 'adult backdrop_path created_by episode_run_time first_air_date genres homepage id in_production languages
            last_air_date last_episode_to_air name networks next_episode_to_air number_of_episodes number_of_seasons
            origin_country original_language original_name overview popularity poster_path production_companies
            production_countries seasons softcore spoken_languages status tagline type vote_average vote_count', {
                'status': ['', 'Returning Series', 'Planned', 'In Production', 'Ended', 'Canceled', 'Pilot'],
                'type': ['', 'Scripted', 'Reality', 'Documentary', 'News', 'Talk Show', 'Miniseries', 'Video'],
            }),
        ('created_by[]', 'credit_id gender id name original_name profile_path', {'gender': genders}),
        ('genres[]', 'id name', {}),
        ('last_episode_to_air', episode, kinds_of_episode),
        ('next_episode_to_air', episode, kinds_of_episode),
        ('networks[]', owner, {}),
        ('production_companies[]', owner, {}),
        ('production_countries[]', 'iso_3166_1 name', {}),
        ('seasons[]', 'air_date episode_count id name overview poster_path season_number vote_average', {}),
        ('spoken_languages[]', 'english_name iso_639_1 name', {}),
    ],
    'tmdb_tv_seasons': [
        ('', '_id air_date episodes id name networks overview poster_path season_number vote_average', {}),
        ('networks[]', owner, {}),
        ('episodes[]', episode ~ ' crew guest_stars', kinds_of_episode),
        ('episodes[].crew[]', credit ~ ' department job', of_crew),
        ('episodes[].guest_stars[]', credit ~ ' character order', of_person),
    ],
    'tmdb_tv_season_credits': [
        ('', 'cast crew id', {}),
        ('cast[]', credit ~ ' character order', of_person),
        ('crew[]', credit ~ ' department job', of_crew),
    ],
    'tmdb_tv_aggregate_credits': [
        ('', 'cast crew id', {}),
        ('cast[]', person ~ ' order roles total_episode_count', of_person),
        ('cast[].roles[]', 'character credit_id episode_count', {}),
        ('crew[]', person ~ ' department jobs total_episode_count', of_crew),
        ('crew[].jobs[]', 'credit_id episode_count job', {}),
    ],
    'tmdb_tv_credits': [
        ('', 'cast crew id', {}),
        ('cast[]', credit ~ ' character order', of_person),
        ('crew[]', credit ~ ' department job', of_crew),
    ],
    'tmdb_tv_alternative_titles': [('', 'id results', {}), ('results[]', 'iso_3166_1 title type', {})],
    'tmdb_tv_content_ratings': [('', 'id results', {}), ('results[]', 'descriptors iso_3166_1 rating', {})],
    'tmdb_tv_keywords': [('', 'id results', {}), ('results[]', 'id name', {})],
    'tmdb_tv_external_ids': [
        ('', 'facebook_id freebase_id freebase_mid id imdb_id instagram_id tvdb_id tvrage_id twitter_id wikidata_id', {}),
    ],
    'tmdb_tv_videos': [
        ('', 'id results', {}),
        ('results[]', 'id iso_3166_1 iso_639_1 key name official published_at site size type', {
            'site': ['YouTube', 'Vimeo'],
            'type': ['Trailer', 'Teaser', 'Clip', 'Featurette', 'Behind the Scenes', 'Bloopers', 'Opening Credits', 'Recap'],
        }),
    ],
    'tmdb_tv_images': [
        ('', 'backdrops id logos posters', {}),
        ('backdrops[]', image, {}), ('logos[]', image, {}), ('posters[]', image, {}),
    ],
    'tmdb_tv_watch_providers': [
        ('', 'id results', {}),
        ('results.*', 'ads buy flatrate free link rent', {}),
    ],
    'tmdb_tv_translations': [
        ('', 'id translations', {}),
        ('translations[]', translation, {}),
        ('translations[].data', 'homepage name overview tagline', {}),
    ],
    'tmdb_tv_recommendations': [
        ('', 'id page results total_pages total_results', {}),
        ('results[]', 'adult backdrop_path first_air_date genre_ids id media_type name origin_country original_language
            original_name overview popularity poster_path softcore vote_average vote_count', {'media_type': ['', 'tv']}),
    ],
    'tmdb_tv_episode_groups': [
        ('', 'id results', {}),
        ('results[]', 'description episode_count group_count id name network type', {'type': orders}),
    ],
    'tmdb_person_details': [
        ('', 'adult also_known_as biography birthday deathday gender homepage id imdb_id known_for_department name
            place_of_birth popularity profile_path', of_person),
    ],
    'tmdb_person_external_ids': [
        ('', 'facebook_id freebase_id freebase_mid id imdb_id instagram_id tiktok_id tvrage_id twitter_id wikidata_id
            youtube_id', {}),
    ],
    'tmdb_person_images': [('', 'id profiles', {}), ('profiles[]', image, {})],
    'tmdb_person_translations': [
        ('', 'id translations', {}),
        ('translations[]', translation, {}),
        ('translations[].data', 'biography name', {}),
    ],
    'tmdb_episode_group_details': [
        ('', 'description episode_count group_count groups id name network type', {'type': orders}),
        ('groups[]', 'episodes id locked name order', {}),
        ('groups[].episodes[]', episode ~ ' order', kinds_of_episode),
    ],
    'tmdb_network_details': [('', 'headquarters homepage id logo_path name origin_country', {})],
    'tmdb_company_details': [
        ('', 'description headquarters homepage id logo_path name origin_country parent_company', {}),
        ('parent_company', owner, {}),
    ],
}) }}
{%- endmacro %}
