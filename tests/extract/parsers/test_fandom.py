"""Pages of wikis, recorded and mangled: what they say of a person, or a clear refusal."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.parsers.fandom import MOST_ENTRIES, VERSION, read_page
from extract.parsers.markup import MAX_BYTES, Unreadable
from tests.tmdb.recordings import RecordingsAbsentError, recordings_folder
from tests.waiting import within_cpu_seconds

PAGE = """
<div class="mw-parser-output">
<aside class="portable-infobox type-castmember">
<h2 class="pi-item pi-title" data-source="Name">Ada Sample</h2>
<figure class="pi-item pi-image"><a href="#"><img data-image-name="Ada.png"
 src="https://static.example/ada/images/1/1a/Ada.png/revision/latest/scale-to-width-down/268?cb=1"/>
</a></figure>
<div class="pi-item pi-data" data-source="full_name">
 <h3 class="pi-data-label">FULL  name</h3>
 <div class="pi-data-value">Ada <br/> Sample-Person</div></div>
<div class="pi-item pi-data" data-source="born">
 <h3 class="pi-data-label">Date of birth</h3>
 <div class="pi-data-value">2nd March 1980<sup>[1]</sup></div></div>
<div class="pi-item pi-data" data-source="lives">
 <h3 class="pi-data-label">Resides in</h3>
 <div class="pi-data-value">Springfield,<br/>Utah</div></div>
<div class="pi-item pi-data" data-source="Hometown">
 <h3 class="pi-data-label">Hometown</h3><div class="pi-data-value">Unknown</div></div>
<div class="pi-item pi-data" data-source="Family">
 <h3 class="pi-data-label">Family</h3><div class="pi-data-value">
 <a href="/wiki/Bo_Sample">Bo Sample</a> <br/><small> (Husband) </small><br/>
 Cy Sample (Son)<br/>Di Sample</div></div>
</aside>
<h2><span class="mw-headline" id="T">Taglines</span></h2>
<table><tr><th>Season Number</th><th>Card</th><th>Tagline</th></tr>
<tr><td>3</td><td></td><td><i>"I sample, therefore I am."</i></td></tr></table>
<h2><span class="mw-headline" id="S">Reunion Seating</span></h2>
<table><tr><th>Season</th><th>Host Side</th><th>Distance From Host</th></tr>
<tr><td>3</td><td>Left</td><td>1/4</td></tr></table>
<h2><span class="mw-headline" id="V">Trivia</span></h2>
<ul><li>Ada drew her own card.</li><li>To Be Added.</li></ul>
<h2><span class="mw-headline" id="N">Navigation</span></h2><ul><li>Elsewhere</li></ul>
</div>
"""


LINK = '<span class="mw-editsection">[<a href="/edit">edit</a>]</span>'
OLD_HEADING = f'<h2><span class="mw-headline" id="X">{{}}</span>{LINK}</h2>'
NEW_HEADING = f'<div class="mw-heading mw-heading2"><h2 id="X">{{}}</h2>{LINK}</div>'
CONTENTS = (
    '<div id="toc" class="toc"><h2 id="mw-toc-heading">Contents</h2><ul><li>1</li></ul></div>'
)


@pytest.mark.parametrize("heading", [OLD_HEADING, NEW_HEADING], ids=["to 1.43", "from 1.44"])
def test_sections_are_known_by_their_headings_in_old_and_new_mediawikis(heading: str) -> None:
    page = f"""{CONTENTS}{heading.format("Trivia")}<ul><li>Ada drew.</li></ul>
        {heading.replace("h2", "h3").format("More")}<ul><li>Ada sang.</li></ul>
        {heading.format("<i>Tag</i>lines")}
        <table><tr><th>Season</th><th>Tagline</th></tr><tr><td>1</td><td>Hm.</td></tr></table>"""
    assert read_page(page) == {
        "parser_version": VERSION,
        "headings": ["Trivia", "More", "Taglines"],
        "trivia": ["Ada drew.", "Ada sang."],
        "taglines": [{"season": "1", "text": "Hm."}],
    }


def test_a_heading_of_the_pages_frame_begins_no_section() -> None:
    frame = '<div class="mw-headings"><h2 id="Trivia">Trivia</h2></div><h2 class="x">Trivia</h2>'
    assert read_page(f"{CONTENTS}{frame}<ul><li>Ada.</li></ul>") == {"parser_version": VERSION}


def test_a_page_is_read_whole() -> None:
    assert read_page(PAGE) == {
        "parser_version": VERSION,
        "name": "Ada Sample",
        "full_name": "Ada Sample-Person",
        "birth_date": "1980-03-02",
        "birth_date_text": "2nd March 1980",
        "residence": "Springfield, Utah",
        "relatives": [
            {"name": "Bo Sample", "relation": "Husband", "page": "Bo_Sample"},
            {"name": "Cy Sample", "relation": "Son"},
            {"name": "Di Sample"},
        ],
        "fields": {
            "FULL name": ["Ada", "Sample-Person"],
            "Date of birth": ["2nd March 1980"],
            "Resides in": ["Springfield,", "Utah"],
            "Hometown": ["Unknown"],
            "Family": ["Bo Sample", "(Husband)", "Cy Sample (Son)", "Di Sample"],
        },
        "headings": ["Taglines", "Reunion Seating", "Trivia", "Navigation"],
        "taglines": [{"season": "3", "text": "I sample, therefore I am."}],
        "seats": [{"season": "3", "side": "Left", "distance": "1/4"}],
        "trivia": ["Ada drew her own card."],
        "images": [
            {"name": "Ada.png", "url": "https://static.example/ada/images/1/1a/Ada.png"},
        ],
    }


@pytest.fixture
def folder() -> Path:
    try:
        return recordings_folder() / "fandom" / "page_html"
    except RecordingsAbsentError as absent:
        pytest.skip(str(absent))


def _recorded(folder: Path, name: str) -> dict[str, Any]:
    return read_page((folder / name).read_bytes())


def test_the_recorded_page_says_what_it_says(folder: Path) -> None:
    page = _recorded(folder, "Bronwyn_Newport_real-housewives.fandom.com_Bronwyn_Newport.html")
    fields = page.pop("fields")
    assert (len(fields), fields["Friends"][0], fields["Eye Color"]) == (
        14,
        "Whitney Rose",
        ["Black"],
    )
    assert [image["url"].rpartition("/")[2] for image in page.pop("images")] == [
        "Bronwyn_Newport_S6_Promo.jpeg",
        "Bronwyn_Newport_S5_Intro_Card_2.png",
        "Bronwyn%E2%80%99s_RHOSLC_S5_Reunion_Look_%281%29.jpg",
    ]
    (tagline,) = page.pop("taglines")
    assert (tagline["season"], tagline["position"]) == ("5", "3/7")
    assert (tagline["text"][:9], len(tagline["text"])) == ("The only ", 65)
    assert page.pop("headings")[:4] == ["Casting", "Taglines", "Reunion Seating", "Trivia"]
    assert page == {
        "parser_version": VERSION,
        "name": "Bronwyn Newport",
        "full_name": "Bronwyn Allison Newport-Bradley",
        "birth_date": "1985-09-14",
        "birth_date_text": "September 14, 1985 (Age 39)",
        "gender": "female",
        "gender_text": "Female",
        "residence": "Salt Lake City, Utah",
        "relatives": [
            {"name": "Todd Bradley", "relation": "Husband", "page": "Todd_Bradley"},
            {"name": "Gwen Newport", "relation": "Daughter"},
        ],
        "seats": [{"season": "5", "side": "Right", "distance": "3/4"}],
    }


def test_the_recorded_infobox_says_what_it_says(folder: Path) -> None:
    page = _recorded(folder, "lisa_barlow_infobox.html")
    assert {name: page[name] for name in ("name", "full_name", "birth_date", "residence")} == {
        "name": "Lisa Barlow",
        "full_name": "Lisa Brandine Barlow",
        "birth_date": "1974-12-14",
        "residence": "Salt Lake City, Utah",
    }


def _mangled(chance: random.Random) -> bytes:
    """Cut, double, reorder, recode and spoil a page."""
    page = PAGE.encode()
    for _ in range(chance.randint(1, 6)):
        start, end = sorted(chance.randrange(len(page) + 1) for _ in range(2))
        page = chance.choice(
            [
                page[:start] + page[end:],
                page[:end] + page[start:],
                page[start:end] + page[:start] + page[end:],
                page.decode("utf-8", "replace").encode("utf-16"),
                page[:start] + b"\0\xff\xfe" + page[start:],
                page[:start] + b"<div>" * chance.randint(1, 5_000) + page[start:],
                page[:start] + b"&lol;&#x0;&#1114112;<!ENTITY a '&a;&a;'>" + page[start:],
            ]
        )
    return page


@settings(
    max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 10**9))
def test_a_mangled_page_gives_an_object_or_is_refused(seed: int) -> None:
    mangled = _mangled(random.Random(seed))
    with within_cpu_seconds(30):
        try:
            page = read_page(mangled)
        except Unreadable:
            return
    assert page["parser_version"] == VERSION
    assert all(value not in ("", [], {}, None) for value in page.values())


@pytest.mark.parametrize("page", [b"", b" \n", b"\0", b"<!-- nothing -->"])
def test_nothing_gives_nothing(page: bytes) -> None:
    try:
        assert read_page(page) == {"parser_version": VERSION}
    except Unreadable as refusal:
        assert str(refusal)


def test_a_page_beyond_the_bound_is_refused_unread() -> None:
    with pytest.raises(Unreadable, match="is the most"):
        read_page(b"<p>" + b"x" * (50 * 1024 * 1024))


def test_a_page_of_endless_lists_is_cut() -> None:
    rows = "<tr><td>1</td><td>t</td></tr>" * 50_000
    page = f"""<h2><span class="mw-headline">Taglines</span></h2>
        <table><tr><th>Season</th><th>Tagline</th></tr>{rows}</table>"""
    assert len(page) < MAX_BYTES
    assert len(read_page(page)["taglines"]) == MOST_ENTRIES
