"""The words that generated series are made of: all invented but codes and genre names."""


def _words(text: str) -> tuple[str, ...]:
    """Take a line of words apart."""
    return tuple(text.split())


GENRES = (
    (10759, "Action & Adventure"),
    (16, "Animation"),
    (35, "Comedy"),
    (80, "Crime"),
    (99, "Documentary"),
    (18, "Drama"),
    (10751, "Family"),
    (10762, "Kids"),
    (9648, "Mystery"),
    (10763, "News"),
    (10764, "Reality"),
    (10765, "Sci-Fi & Fantasy"),
    (10766, "Soap"),
    (10767, "Talk"),
    (10768, "War & Politics"),
    (37, "Western"),
)
REGIONS = _words(
    "US GB DE FR ES IT NL BE AT CH SE NO DK FI PL CZ HU PT GR TR IE CA MX BR AR CL CO PE AU "
    "NZ JP KR IN ID TH PH SG ZA AE IL"
)
LANGUAGES = tuple(
    zip(
        _words("en de fr es it nl sv pl pt ja ko ar ru tr zh he"),
        _words("US DE FR ES IT NL SE PL BR JP KR SA RU TR CN IL"),
        _words(
            "English Deutsch Français Español Italiano Nederlands svenska Polski Português 日本語 "
            "한국어/조선말 العربية Русский Türkçe 普通话 עִבְרִית"
        ),
        _words(
            "English German French Spanish Italian Dutch Swedish Polish Portuguese Japanese Korean "
            "Arabic Russian Turkish Mandarin Hebrew"
        ),
        strict=True,
    )
)
RATINGS = ("TV-MA", "TV-14", "TV-PG", "16", "12", "18", "15", "M", "U", "NR", "")
STATUSES = ("Ended", "Ended", "Ended", "Returning Series", "Returning Series", "Canceled")
TYPES = (
    *("Scripted", "Scripted", "Scripted", "Reality", "Reality", "Documentary", "Miniseries"),
    *("Talk Show", "News", "Video"),
)
DEPARTMENTS = (
    ("Production", "Executive Producer"),
    ("Production", "Producer"),
    ("Production", "Casting"),
    ("Directing", "Director"),
    ("Writing", "Writer"),
    ("Camera", "Director of Photography"),
    ("Editing", "Editor"),
    ("Sound", "Original Music Composer"),
    ("Art", "Production Design"),
    ("Costume & Make-Up", "Costume Design"),
)
VIDEO_TYPES = ("Trailer", "Teaser", "Clip", "Opening Credits", "Featurette", "Behind the Scenes")
EPISODE_TYPES = ("standard", "standard", "standard", "standard", "standard", "mid_season")
OFFERS = ("flatrate", "free", "ads", "rent", "buy")

_ADJECTIVES = _words(
    "Quiet Golden Hidden Second Broken Northern Borrowed Electric Paper Last Velvet Open "
    "Crooked Distant Salted Painted Restless Hollow Early Winter Honest Narrow Glass Sudden "
    "Patient Lucky"
)
_NOUNS = _words(
    "Harbour Kitchen Verdict Orchard Signal Neighbours Island Ledger Garden Detective Reunion "
    "Housemates Lighthouse Wedding Market Frontier Choir Clinic Voyage Auction Summer Bakery "
    "Tournament Mirror Station Season"
)
_FIRST = _words(
    "Ada Bruno Carla Dmitri Elif Farid Greta Hugo Ines Jonas Kiri Lucía Mako Nadia Owen Petra "
    "Quentin Rosa Søren Tomás Ulla Viktor Wanda Xenia Yusuf Zoë Amélie Björn Chiyo Dara"
)
_LAST = _words(
    "Abara Brandt Castellano Dvořák Eriksen Fontaine García Holm Ito Jansen Kowalski "
    "Lindqvist Moreau Nakamura Okafor Pereira Quinn Rossi Şahin Tanaka Ueda Vance Weiss "
    "Yilmaz Zhang O'Dell"
)
_OPENINGS = (
    "A retired cook returns to the town she left",
    "Six strangers share one house for a summer",
    "Two sisters inherit a failing hotel",
    "An inspector is sent to a village where nobody locks a door",
    "Rival families run stalls on the same square",
    "A night-shift crew keeps a hospital going",
    "Twelve bakers compete under one roof",
    "A translator hears something she should not have",
)
_TURNS = (
    "until an old letter turns up",
    "and the rules change every week",
    'while the past keeps calling: "come home"',
    "but the money is gone by morning",
    "and not everyone wants the truth",
    "as a storm closes the only road",
    "and friendships are put to the vote",
    "with more at stake than a prize",
)
_ELSEWHERE = (
    "Eine Familie, ein Haus und viel zu viele Geheimnisse.",
    "Une enquête qui ne mène jamais là où l'on croit.",
    "ある町で始まる小さな物語。",
    "قصة عائلة تعود إلى بيتها القديم.",
    "Семья возвращается в старый дом.",
    "Historia dwóch sióstr i jednego hotelu.",
    "한 지붕 아래 여섯 명의 여름.",
    "Una casa, sei estranei, nessuna regola.",
)

NAMES = tuple(f"The {a} {n}" for a in _ADJECTIVES for n in _NOUNS)
TITLES = tuple(f"{a} {n}" for n in _NOUNS for a in _ADJECTIVES)
SENTENCES = tuple(f"{opening}, {turn}." for opening in _OPENINGS for turn in _TURNS)
FOREIGN = _ELSEWHERE
PEOPLE = tuple(f"{first} {last}" for first in _FIRST for last in _LAST)
CHARACTERS = tuple(
    f"{first}{suffix}" for first in _FIRST for suffix in ("", " (voice)", " the Elder")
)
CHARACTERS += ("Self", "Self - Host", "Self - Contestant", "", "Self", "Narrator (voice)")
