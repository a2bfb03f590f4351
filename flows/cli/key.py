"""`showhouse key`: a key to the API."""

import click

from flows.cli.console import say, show


@click.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["viewer", "editor", "admin"]),
    default="viewer",
    show_default=True,
    help="A viewer reads; an admin sees `/metrics` too; an editor is for later writes.",
)
def key(name: str, role: str) -> None:
    """Make a key to the API for whoever is called NAME.

    The key is shown once and kept nowhere; the API knows its hash alone.
    """
    from api.access import new_key, parse_keys

    made, entry = new_key(name, role)
    try:
        parse_keys(entry)
    except ValueError as error:
        raise click.UsageError(
            "A name has up to 64 letters, digits, dots, dashes and underscores."
        ) from error
    say(f"The key of {name}, shown this once; it is sent as `Authorization: Bearer KEY`:")
    show(made)
    say("Add this to SHOWHOUSE_API_KEYS (comma-separated) and start the API again:")
    show(entry)
