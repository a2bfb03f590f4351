"""What to ask TMDb for: a series and all its parts in one request, then 20 seasons in each more.

`append_to_response` takes 20 names: 11 parts leave room for 9 seasons. Which seasons there are is
not known before the first answer, so the first request guesses; a number that does not exist costs
nothing, since TMDb leaves it out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain, count, islice

from extract.resource import Resource
from extract.sources.tmdb.resources import DETAILS, PARTS, SEASONS

APPENDS_PER_REQUEST = 20
FIRST_SEASONS = APPENDS_PER_REQUEST - len(PARTS)
"""The seasons that the first request has room for, beside all parts."""

# Without these parameters images and videos come in one language, and there is no word for all: ISO
# 639-1, `cn`, `mo` and `sh` of TMDb's own, `xx` for no language, `null` for what names none.
LANGUAGES = (
    "aa,ab,ae,af,ak,am,an,ar,as,av,ay,az,ba,be,bg,bi,bm,bn,bo,br,bs,ca,ce,ch,cn,co,cr,cs,"
    "cu,cv,cy,da,de,dv,dz,ee,el,en,eo,es,et,eu,fa,ff,fi,fj,fo,fr,fy,ga,gd,gl,gn,gu,gv,ha,"
    "he,hi,ho,hr,ht,hu,hy,hz,ia,id,ie,ig,ii,ik,io,is,it,iu,ja,jv,ka,kg,ki,kj,kk,kl,km,kn,"
    "ko,kr,ks,ku,kv,kw,ky,la,lb,lg,li,ln,lo,lt,lu,lv,mg,mh,mi,mk,ml,mn,mo,mr,ms,mt,my,na,"
    "nb,nd,ne,ng,nl,nn,no,nr,nv,ny,oc,oj,om,or,os,pa,pi,pl,ps,pt,qu,rm,rn,ro,ru,rw,sa,sc,"
    "sd,se,sg,sh,si,sk,sl,sm,sn,so,sq,sr,ss,st,su,sv,sw,ta,te,tg,th,ti,tk,tl,tn,to,tr,ts,"
    "tt,tw,ty,ug,uk,ur,uz,ve,vi,vo,wa,wo,xh,xx,yi,yo,za,zh,zu,null"
)


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """One request for a series: which parts and which seasons it asks for."""

    series_id: int
    parts: tuple[Resource, ...]
    seasons: tuple[int, ...]
    held_seasons: frozenset[int] = frozenset()
    """The numbers of the seasons that are held and not gone."""

    @property
    def details(self) -> Resource:
        """The series' own document."""
        return DETAILS

    @property
    def key(self) -> str:
        """The series' key: `1396`."""
        return str(self.series_id)

    @property
    def path(self) -> str:
        """The path below the base URL: `/tv/1396`."""
        return f"/tv/{self.series_id}"

    @property
    def appends(self) -> tuple[str, ...]:
        """The names to append, at most 20."""
        names = (part.appended_as or "" for part in self.parts)
        return (*names, *(f"season/{number}" for number in self.seasons))

    @property
    def params(self) -> dict[str, str]:
        """The query; languages only where something asked for depends on them."""
        params = {"append_to_response": ",".join(self.appends)} if self.appends else {}
        for name, parameter in (("images", "image"), ("videos", "video")):
            if name in self.appends:
                params[f"include_{parameter}_language"] = LANGUAGES
        return params

    def __str__(self) -> str:
        """Show it without the languages."""
        return f"GET {self.path}?append_to_response={','.join(self.appends)}"


def first_request(
    series_id: int, held_seasons: Collection[int], resources: Collection[str] = ()
) -> SeriesRequest:
    """Ask for the series, its parts, and as many seasons as fit: those held, then those likely.

    `resources` names what is wanted of parts and seasons; empty: all.
    """
    parts = tuple(part for part in PARTS if not resources or part.name in resources)
    room = APPENDS_PER_REQUEST - len(parts)
    if resources and SEASONS.name not in resources:
        room = 0
    seasons = islice(_likely_seasons(held_seasons), room)
    return SeriesRequest(series_id, parts, tuple(seasons), frozenset(held_seasons))


def further_requests(series_id: int, seasons: Iterable[int]) -> list[SeriesRequest]:
    """Ask for the seasons that the first answer announced and was not asked for, 20 at a time."""
    numbers = sorted(set(seasons), reverse=True)
    return [
        SeriesRequest(series_id, (), tuple(numbers[start : start + APPENDS_PER_REQUEST]))
        for start in range(0, len(numbers), APPENDS_PER_REQUEST)
    ]


def further_count(season_count: int) -> int:
    """Say how many requests follow the first for a series of so many seasons."""
    return -(-max(season_count - FIRST_SEASONS, 0) // APPENDS_PER_REQUEST)


def _likely_seasons(held: Collection[int]) -> Iterable[int]:
    # Nothing held: 0 to 8. Else all that are held, the newest first, then the next one, the
    # specials if they are new, and so on upwards.
    if not held:
        return count(0)
    newest = max(held)
    specials = () if 0 in held else (0,)
    return chain(sorted(held, reverse=True), (newest + 1,), specials, count(newest + 2))
