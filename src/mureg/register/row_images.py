"""Rows as a record of the history keeps them: the columns that an operation changed, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from mureg.register import columns
from mureg.register.changes import Change, Changes, insert_many
from mureg.register.engines.interface import Database
from mureg.register.history import DIGEST, IMAGES_FACT, RowImages, canonical_json, images_digest
from mureg.register.persons import insert_persons

_NUMBERS_AT_ONCE = 5_000
ROWS_IN_PIECE = 50
"""Of so many rows the images are kept together: most operations have all of them in their record."""


def images_of(changes: Changes, database: Database) -> Iterator[RowImages]:
    """The images of changed rows, piece by piece, in the order of tables and keys.

    The client's comments that they name by a digest are kept with the people.
    """
    found = (
        (table, key, before, after)
        for table, key, change in changes.by_key()
        for before, after in [_images_of_row(database, table, key, change)]
        if before is not None or after is not None
    )
    while some := list(islice(found, ROWS_IN_PIECE)):
        images = RowImages({}, {})
        for table, key, before, after in some:
            if before is not None:
                images.before.setdefault(table, {})[key] = before
            if after is not None:
                images.after.setdefault(table, {})[key] = after
        yield images


def insert_images(database: Database, operation: int, pieces: Iterable[RowImages]) -> dict[str, str]:
    """Add the images that the record of an operation does not hold itself; if there are any, the fact about them."""

    def texts() -> Iterator[tuple[str, str]]:
        for place, images in enumerate(pieces, start=1):
            before, after = map(canonical_json, images)
            insert_many(database, "history_images", _COLUMNS, [(operation, place, before, after)])
            yield before, after

    digest = images_digest(texts())
    return {} if digest is None else {IMAGES_FACT: digest}


_COLUMNS = ("operation", "place", "before", "after")

_Image = dict[str, Any]


def _images_of_row(database: Database, table: str, key: str, change: Change) -> tuple[_Image | None, _Image | None]:
    """The changed columns of a row before and after; `None` where it did not exist, or nothing changed."""
    if table == "application" and not change.existed:
        # An undo deletes it; the history still holds what the partner's decision was when it came.
        decision = {name: value for name, value in change.after.items() if name in columns.PARTNER_COLUMNS}
        return None, columns.NEW_APPLICATION | decision
    names = [name for name in change.before | change.after if change.before.get(name) != change.after.get(name)]
    if not names:
        return None, None
    before = _image_of(database, key, change.before, names) if change.existed else None
    return before, _image_of(database, key, change.after, names) if change.exists else None


def _image_of(database: Database, key: str, values: Mapping[str, Any], names: Iterable[str]) -> _Image:
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
