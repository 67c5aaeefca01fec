"""A place in a sorted list: a page that is deep in it costs as much as the first one."""

from typing import NamedTuple


class Position(NamedTuple):
    """The value that a list is sorted by, empty where there is none, and what decides between equal ones."""

    value: str
    then: str


def behind(key: str, then: str, position: Position, *, reverse: bool) -> tuple[str, dict[str, object]]:
    """The condition for what comes after the position in the order of two columns, and its values."""
    condition = f"({key}, {then}) {'<' if reverse else '>'} (:position_value, :position_then)"
    return condition, {"position_value": position.value, "position_then": position.then}
