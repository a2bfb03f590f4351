"""What sqlfluff reads in the place of our macros: each stands as a call of its own name.

The macros' own text would cost minutes to parse and says nothing about the model that calls them.
A macro that does not exist stays unknown, so sqlfluff reports it. Only sqlfluff loads this package
(`library_path`): every name in it is a name in the models' Jinja.
"""

import re as _re
from collections.abc import Callable as _Callable
from pathlib import Path as _Path

_MACROS = _Path(__file__).parent.parent / "macros"
_MACRO = _re.compile(r"{%-? macro (\w+)\(.*?%}(.*?){%-? endmacro", _re.DOTALL)
_TAGS = _re.compile(r"{%.*?%}", _re.DOTALL)

# Macros that stand for a relation with its alias.
_RELATIONS = {
    "entries": "entry",
    "nested_record": "nested",
    "record": "document",
    "records": "element",
}

# Macros that read relations of the model which they are told by name: how many.
_READERS = {
    "appearances_in_episodes": 3,
    "credits_of_all_sources": 5,
    "identified_seasons": 1,
    "performers_of_imdb": 3,
    "stays_through_purge": 2,
    "trends_of": 1,
}

# Macros in the place of dbt's own, which sqlfluff knows.
_OF_DBT = {"ref", "source"}


def _text_for(name: str, body: str) -> str:
    if name in _RELATIONS:
        return f"rows() as {_RELATIONS[name]}"
    is_query = _TAGS.sub("", body).lstrip().startswith(("select", "with"))
    return "select 1 as one" if is_query else f"{name}()"


def _stand_in(name: str, text: str) -> _Callable[..., str]:
    if name in _READERS:
        return lambda *arguments, **named: (
            f"select 1 as one from {' cross join '.join(arguments[: _READERS[name]])}"
        )
    return lambda *arguments, **named: text


for _file in sorted(_MACROS.glob("*.sql")):
    for _name, _body in _MACRO.findall(_file.read_text()):
        if _name not in _OF_DBT:
            globals()[_name] = _stand_in(_name, _text_for(_name, _body))
