"""The commands that there are."""

from mureg.cli.main import NOUNS


def all_commands() -> list[list[str]]:
    """Every command, as its words."""
    return [[name] if command == name else [name, command] for name, noun in NOUNS.items() for command in noun.commands]
