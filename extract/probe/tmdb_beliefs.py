"""What we believe of TMDb's answers about series, people and brands: parts, seasons, languages."""

from extract.probe.belief import UNMEASURED, Belief

_APPENDS = "[D] TMDb's reference of `append_to_response`"

APPEND_BELIEFS = (
    Belief(
        "twenty_appends_come_whole",
        "tmdb",
        "Twenty names of parts and seasons in one `append_to_response` all come.",
        "[L] three public projects, 2026",
        "What exists and did not come is asked for once more, and then is a failure.",
    ),
    Belief(
        "twenty_one_appends_are_refused",
        "tmdb",
        "Twenty-one names are answered 400 with `status_code` 27.",
        "[L] three public projects, 2026",
        "Nothing: no request has more than twenty names.",
    ),
    Belief(
        "appended_season_lacks_id",
        "tmdb",
        "An appended season has no `id`, only `_id`; its id stands in `seasons[]` of the details.",
        "[L] 306 seasons of 14 series, and two further studies, 2026",
        "An id that comes is kept; where none comes, that of the list is put in.",
    ),
    Belief(
        "appended_season_equals_standalone",
        "tmdb",
        "But for the `id`, an appended season equals the answer of its own endpoint.",
        "[L] 306 seasons of 14 series, 2026",
        "The newest answer lands unchanged; "
        "asking in both ways in turn would make a version each time.",
    ),
    Belief(
        "appended_parts_lack_id",
        "tmdb",
        "An appended part has no `id`, which its own endpoint answers with.",
        "recording of 88 appended parts",
        "An id that comes is kept; where none comes, that of the series is put in.",
    ),
    Belief(
        "absent_season_is_left_out",
        "tmdb",
        "A season that does not exist is a missing key in an answer with status 200.",
        "[L] three public projects, 2026",
        "An object with a `status_code`, or null, in its place counts as absent unless the season "
        "is listed; a listed one is asked for again.",
    ),
    Belief(
        "unknown_append_is_left_out",
        "tmdb",
        "A name that TMDb does not know is a missing key in an answer with status 200.",
        "[L] three public projects, 2026",
        "Nothing: only names from the published description are asked for.",
    ),
    Belief(
        "absent_season_alone_is_404",
        "tmdb",
        "The own endpoint of a season that does not exist answers 404 with `status_code` 34.",
        "[L] three public projects, 2026",
        "The season is no tombstone: it is a failure, and is asked for again.",
    ),
    Belief(
        "season_credits_may_be_appended",
        "tmdb",
        "`season/N/credits` may be appended beside `season/N`, and comes under that name.",
        "[L] 8 of 8 seasons, one project, 2026",
        "The credits are asked for at their own endpoint. "
        "If that fails too, they count as failed; the season still lands.",
    ),
    Belief(
        "appended_season_credits_equal_standalone",
        "tmdb",
        "But for the `id`, an appended `season/N/credits` equals the answer of its own endpoint.",
        "[L] the cast of 8 of 8 seasons, one project, 2026",
        "The newest answer lands unchanged.",
    ),
    Belief(
        "nested_season_parts_may_be_appended",
        "tmdb",
        "`season/N/aggregate_credits`, `images`, `watch/providers` and `external_ids` may be "
        "appended to the series as well.",
        UNMEASURED,
        "Nothing: nothing asks for them.",
    ),
    Belief(
        "appended_lists_give_page_one",
        "tmdb",
        "A part that has pages, such as `recommendations`, comes with its page 1.",
        _APPENDS,
        "The entries that come are landed; no page is concluded from.",
    ),
    Belief(
        "people_take_appends",
        "tmdb",
        "`append_to_response` works on a person: external ids, images, translations.",
        _APPENDS,
        "Each part that does not come is asked for at its own endpoint.",
    ),
    Belief(
        "networks_take_appends",
        "tmdb",
        "`append_to_response` works on a network: alternative names, images.",
        UNMEASURED,
        "Each part that does not come is asked for at its own endpoint.",
    ),
    Belief(
        "companies_take_appends",
        "tmdb",
        "`append_to_response` works on a production company: alternative names, images.",
        UNMEASURED,
        "Each part that does not come is asked for at its own endpoint.",
    ),
)

CONTENT_BELIEFS = (
    Belief(
        "details_list_every_season",
        "tmdb",
        "`seasons[]` of the details has the id and the number of each season, as many numbered "
        "ones as `number_of_seasons` says.",
        "recording of 108 series; of the ids [L], 306 seasons, 2026",
        "A list that falls short proves no season gone.",
    ),
    Belief(
        "episodes_hold_guests_and_no_regulars",
        "tmdb",
        "An episode of a season has `guest_stars[]` and `crew[]`, and no `cast`.",
        "[L] a backend that holds the whole catalogue, 2026",
        "A `cast` is landed with the season; no model reads it.",
    ),
    Belief(
        "aggregate_credits_count_episodes",
        "tmdb",
        "A cast entry of `aggregate_credits` has `roles[]` and `total_episode_count`.",
        "[D] TMDb's published description",
        "The count is null and not 0.",
    ),
    Belief(
        "images_come_in_all_languages",
        "tmdb",
        "Without a language parameter images come in all languages.",
        "[D] 2025; recording of 12 to 14 languages",
        "Images of other languages are missing until a language is asked for.",
    ),
    Belief(
        "many_image_languages_are_taken",
        "tmdb",
        "`include_image_language` with twelve languages brings all images of those languages.",
        "none; [D] once at most five",
        "Nothing: no run sends the parameter.",
    ),
    Belief(
        "image_languages_leave_out_the_others",
        "tmdb",
        "`include_image_language` without `language` leaves out images of all other languages.",
        UNMEASURED,
        "Nothing: no run sends the parameter.",
    ),
    Belief(
        "several_video_languages_are_taken",
        "tmdb",
        "`include_video_language` with five languages brings the videos of all five.",
        UNMEASURED,
        "Videos in some of the five languages are missing; the others land.",
    ),
    Belief(
        "company_parent_is_told_in_brief",
        "tmdb",
        "`parent_company` of a company is null or an object with `id`, `name` and `logo_path`.",
        "none; recording of null and of an id",
        "The parent's id is read where it stands alone; its name is null.",
    ),
    Belief(
        "lists_come_in_pages",
        "tmdb",
        "A list comes in pages of 20 items, and says in `total_pages` how many there are.",
        "[D] the parameter `page`; recording of one that came whole",
        "A list without `total_pages` is its first page, held against its `item_count`.",
    ),
    Belief(
        "merged_person_is_404",
        "tmdb",
        "A person who was merged into another answers 404.",
        UNMEASURED,
        "The answer names another id and is refused; what is held of the person stays.",
    ),
    Belief(
        "absent_image_is_404",
        "tmdb",
        "The host of images answers 404 for one that is not there.",
        UNMEASURED,
        "403 is taken for a request to slow down, and the image is a failure.",
    ),
)
