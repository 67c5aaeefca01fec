"""Rows as a record of the history keeps them: the columns that an operation changed, before and after."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from mureg.register import columns
from mureg.register.changes import Changes
from mureg.register.engines.interface import Database
from mureg.register.history import DIGEST, canonical_json
from mureg.register.persons import insert_persons

_NUMBERS_AT_ONCE = 5_000

Images = dict[str, dict[str, dict[str, Any]]]
"""Table → key → column → value."""


class ImagesText:
    """Images of rows, table by table, and facts beside them, as one JSON text.

    In bytes that grow: what a large import changed must not be in memory twice.
    """

    def __init__(self) -> None:
        self._text = bytearray()
        self._table = ""

    def __bool__(self) -> bool:
        return bool(self._text)

    def add(self, table: str, key: str, image: dict[str, Any]) -> None:
        """Add the image of a row."""
        if table != self._table:
            self._text += f"{'},' if self._table else '{'}{canonical_json(table)}:{{".encode()
            self._table = table
        else:
            self._text += b","
        self._text += f"{canonical_json(key)}:{canonical_json(image)}".encode()

    def end(self, facts: Mapping[str, object]) -> str:
        """The text, which is emptied, with the facts after the tables."""
        rest = canonical_json(facts)
        if self._table:
            rest = f"}},{rest[1:]}" if facts else "}}"
        self._text += rest.encode()
        text = self._text.decode()
        self._text.clear()
        return text


class RowImages(NamedTuple):
    """The changed columns of all rows. A new row is in `after` alone, a deleted one in `before`."""

    before: ImagesText
    after: ImagesText


def images_of(changes: Changes, database: Database) -> RowImages:
    """The images of changed rows. The client's comments that they name by a digest are kept with the people."""
    images = RowImages(ImagesText(), ImagesText())
    for table, key, change in changes.by_key():
        if table == "application" and not change.existed:
            # An undo deletes it; the history still holds what the partner's decision was when it came.
            decision = {name: value for name, value in change.after.items() if name in columns.PARTNER_COLUMNS}
            images.after.add(table, key, columns.NEW_APPLICATION | decision)
            continue
        names = [name for name in columns.COLUMNS[table] if change.before.get(name) != change.after.get(name)]
        if not names:
            continue
        if change.existed:
            images.before.add(table, key, _image_of(database, key, change.before, names))
        if change.exists:
            images.after.add(table, key, _image_of(database, key, change.after, names))
    return images


def _image_of(database: Database, key: str, values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Columns as the history keeps them: of what a client wrote, which may name people, the salted digest alone."""
    image = {name: values.get(name) for name in names}
    if comment := image.get("client_comment"):
        person = columns.new_person(key, name=comment)
        insert_persons(database, [person])
        image["client_comment"] = {DIGEST: person.digest}
    return image


def numbers_text(changes: Changes, undone_imports: Sequence[str], imported: bytearray) -> str:
    """The numbers of a record as one JSON text, with those of an undone import, and those imported, which are emptied.

    In bytes that grow: a million numbers must not be in memory twice.
    """
    # Those that the operation added are among the imported ones.
    changed = (key for table, key, change in changes if table == "application" and change.existed)
    if undone_imports:
        # What an import processed was changed before it was deleted.
        undone = set(undone_imports)
        changed = (key for key in changed if key not in undone)
    numbers = chain(undone_imports, changed)
    text = bytearray(b"[")
    while some := list(islice(numbers, _NUMBERS_AT_ONCE)):
        text += f"{canonical_json(some)[1:-1]},".encode()
    imported[:0] = text
    if imported.endswith(b","):
        imported.pop()
    imported += b"]"
    result = imported.decode()
    imported.clear()
    return result
