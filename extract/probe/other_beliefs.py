"""What we believe of IMDb's datasets, of Fandom's wikis and of the store of images."""

from extract.probe.belief import UNMEASURED, Belief

_IMDB = "[D] IMDb's page about its non-commercial datasets"
_MEDIAWIKI = "[D] MediaWiki's documentation of its API"
_S3 = "[D] Amazon's reference of S3"

IMDB_BELIEFS = (
    Belief(
        "datasets_have_their_seven_names",
        "imdb",
        "The seven files are there under their names, without credentials.",
        _IMDB,
        "The file is reported as missing; what is held of it stays.",
    ),
    Belief(
        "datasets_are_gzipped",
        "imdb",
        "Each file is gzip, packed once.",
        _IMDB,
        "It is unpacked by what it is; what is none is refused as a whole.",
    ),
    Belief(
        "dataset_columns_are_as_documented",
        "imdb",
        "The first line of a file names the documented columns, in their order.",
        _IMDB,
        "The file is refused as a whole, and what is held of it stays.",
    ),
    Belief(
        "dataset_rows_fit_their_columns",
        "imdb",
        "A row has a field for each column, divided by tabs; nothing is quoted, null is `\\N`.",
        _IMDB,
        "The row alone is refused.",
    ),
    Belief(
        "datasets_name_their_version",
        "imdb",
        "An answer has an `ETag` or a `Last-Modified`.",
        UNMEASURED,
        "The file is read each day, changed or not.",
    ),
    Belief(
        "held_dataset_is_304",
        "imdb",
        "Asked with the version that is held, the host answers 304 without a body.",
        UNMEASURED,
        "The file is read again; equal rows make no new version.",
    ),
    Belief(
        "datasets_come_in_parts",
        "imdb",
        "A range of bytes is answered 206 with `Content-Range`.",
        UNMEASURED,
        "A download that broke off begins anew.",
    ),
    Belief(
        "absent_dataset_is_403",
        "imdb",
        "A file that is not there is answered 403 or 404.",
        UNMEASURED,
        "A 200 that is no dataset is refused as a whole.",
    ),
)

FANDOM_BELIEFS = (
    Belief(
        "wikis_answer_this_client",
        "fandom",
        "`api.php` answers JSON to this address and this user agent.",
        "[L] both seen in 2026: 200 for some, 402, 403 or a challenge page for others",
        "Two refusals in a row end the wiki for that run, in one sentence.",
    ),
    Belief(
        "fifty_titles_are_told_at_once",
        "fandom",
        "A query for fifty titles tells of each, those without a page as `missing`.",
        _MEDIAWIKI,
        "A title that is told nothing of is a failure, and is asked for again.",
    ),
    Belief(
        "titles_tell_their_last_revision",
        "fandom",
        "A page in a query has `pageid` and, with `prop=info`, `lastrevid`.",
        _MEDIAWIKI,
        "The page itself is asked for, whether it changed or not.",
    ),
    Belief(
        "titles_are_normalized_aloud",
        "fandom",
        "A title that MediaWiki writes otherwise is named in `normalized` with both forms.",
        _MEDIAWIKI,
        "The title is a failure, and is asked for again.",
    ),
    Belief(
        "titles_are_composed_first",
        "fandom",
        "A title that is not NFC is normalized twice: first to NFC, `from` in percent signs and "
        "marked `fromencoded`.",
        UNMEASURED,
        "The title is a failure, and is asked for again.",
    ),
    Belief(
        "too_many_titles_are_an_error",
        "fandom",
        "More than fifty titles are answered with the error `toomanyvalues`.",
        UNMEASURED,
        "Nothing: no request has more than fifty titles.",
    ),
    Belief(
        "long_urls_are_refused",
        "fandom",
        "A URL beyond 8 kB is answered 414.",
        UNMEASURED,
        "Nothing: titles are divided so that no URL is as long.",
    ),
    Belief(
        "pages_come_with_text_and_revision",
        "fandom",
        "`action=parse` gives `title`, `pageid`, `revid`, `text` as one string, and `categories`.",
        _MEDIAWIKI,
        "The answer is refused; the page as held stays.",
    ),
    Belief(
        "wiki_errors_come_with_200",
        "fandom",
        "An error of MediaWiki is an object `error` with a `code`, with status 200.",
        _MEDIAWIKI,
        "The code decides with any status; without one the status does.",
    ),
    Belief(
        "absent_page_is_nosuchpageid",
        "fandom",
        "A page id that is not there is answered with the error `nosuchpageid`.",
        _MEDIAWIKI,
        "The page is no tombstone: it is a failure.",
    ),
    Belief(
        "lag_is_told_as_maxlag",
        "fandom",
        "Where the database lags behind `maxlag`, the error's code is `maxlag`.",
        _MEDIAWIKI,
        "Another error is a failure of the request, which is due again.",
    ),
    Belief(
        "headings_have_a_known_form",
        "fandom",
        "Headings of a page are `span.mw-headline`, or `div.mw-heading` from MediaWiki 1.44 on.",
        "[L] Fandom runs 1.43, 2026",
        "The profile lacks what stands under headings; the page is held and can be read again.",
    ),
    Belief(
        "infoboxes_are_portable",
        "fandom",
        "An infobox is `aside.portable-infobox`, its rows have `data-source`.",
        "[D] Fandom's help on infoboxes; recording",
        "The profile has no fields; the page is held and can be read again.",
    ),
)

STORE_BELIEFS = (
    Belief(
        "store_takes_conditional_writes",
        "store",
        "`If-None-Match: *` writes what is not there, and is answered 412 where something is.",
        _S3,
        "501 turns conditions off, and each image is looked up first; a store that ignores them "
        "writes the same bytes again.",
    ),
    Belief(
        "store_takes_a_checksum",
        "store",
        "An upload with `x-amz-checksum-sha256` is taken, and its answer or `HEAD` names the same.",
        _S3,
        "The upload fails with the store's own words; no receipt says that the image is held.",
    ),
    Belief(
        "store_etag_is_the_md5",
        "store",
        "The ETag of an object stored in one piece is the MD5 of its bytes.",
        "[D] Amazon's reference of S3, but for some encryptions",
        "The object is read back, at one more request for each image.",
    ),
    Belief(
        "store_tells_metadata",
        "store",
        "`HEAD` tells length, type, `Cache-Control` and our own metadata as they were sent.",
        _S3,
        "Clients cache less; whether an image is held is told by the receipt.",
    ),
    Belief(
        "store_gives_the_bytes_back",
        "store",
        "`GET` gives the very bytes that were uploaded.",
        _S3,
        "`showhouse mirror --verify` finds what differs, and it is fetched anew.",
    ),
    Belief(
        "store_answers_ranges",
        "store",
        "A range of bytes of an object is answered 206 with those bytes.",
        _S3,
        "Readers of exported Parquet read whole files.",
    ),
    Belief(
        "store_lists_what_it_holds",
        "store",
        "A listing by prefix names an object right after it was written.",
        _S3,
        "Pruning misses it until the next time; it deletes nothing that is referred to.",
    ),
    Belief(
        "store_absent_object_is_404",
        "store",
        "A store answers 404, `NoSuchKey`, for an object that it does not hold.",
        "[D] Amazon's reference of S3, for a user who may list the bucket",
        "Before an upload, 403 counts as absent as well: S3 answers so to a user who may not list "
        "the bucket. Elsewhere the command ends with the store's own words.",
    ),
    Belief(
        "store_deletes_many_at_once",
        "store",
        "`DeleteObjects` deletes by a list of keys; one that is not there is no error.",
        _S3,
        "Pruning ends with the store's own words, and goes on the next time.",
    ),
)
