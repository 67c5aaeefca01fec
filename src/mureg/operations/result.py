"""What every operation returns."""

from typing import Generic, NamedTuple, TypeVar

Done = TypeVar("Done")


class Result(NamedTuple, Generic[Done]):
    """What an operation did.

    `operation` is its number in the history: `None` where nothing was written, as in a dry run. `numbers` are the
    changed applications or discrepancies; an import, which may have a million, gives none here.
    """

    operation: int | None
    numbers: tuple[str, ...]
    done: Done
