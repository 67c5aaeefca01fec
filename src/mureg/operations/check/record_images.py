"""The content of a record of the history, if it has the right shape."""

import json
from typing import Any, NamedTuple

from mureg.register.engines.schema import KEY_OF
from mureg.register.history import HistoryRecord
from mureg.register.register import Register

Values = dict[str, Any]
"""Columns of a row by their names."""


class RecordImages(NamedTuple):
    """The rows before and after a record, the latter with the facts beside them.

    Of a large operation these are its first rows; the others are read with `History.images`.
    """

    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def is_import(self) -> bool:
        """Whether the operation was an import."""
        return "files" in self.after


def images_of(register: Register, record: HistoryRecord) -> RecordImages | None:
    """The rows of a record; `None` where its JSON cannot be read."""
    try:
        numbers = register.history.numbers(record)
        images = RecordImages(*map(json.loads, (record.before, record.after)))
    except (ValueError, RecursionError):
        return None
    is_sound = (
        isinstance(numbers, list)
        and all(isinstance(number, str) for number in numbers)
        and _are_tables(images.before)
        and _are_tables(images.after)
    )
    return images if is_sound else None


def imported_numbers(register: Register, record: HistoryRecord) -> list[str]:
    """The numbers that an import added, in the order of its digest: not those that it changed."""
    changed = {number for images in register.history.images(record) for number in images.before.get("application", {})}
    return [number for number in register.history.numbers(record) if number not in changed]


def _are_tables(image: object) -> bool:
    return isinstance(image, dict) and all(
        isinstance(rows, dict) and all(isinstance(values, dict) for values in rows.values())
        for rows in (image[table] for table in KEY_OF if table in image)
    )
