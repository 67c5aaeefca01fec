"""What the record of an import keeps of the imported rows: their numbers, and one SHA-256 over their content.

The digest covers the applications that the import added, as they came, in the order of the record's numbers. So
`mureg check` finds a client's request that was changed past mureg, and the history need not hold the requests twice.
What a client wrote to the partner is left out: it may name people, and of them the history holds nothing that could be
guessed after they are erased. Of contacts it has their salted digest, where there are any.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain, islice, repeat

from mureg.domain.columns import Columns
from mureg.register import columns as rows
from mureg.register.engines.interface import Database, Row, in_list

assert rows.REQUEST_COLUMNS[-1] == "client_comment"
IMPORTED_COLUMNS = (*rows.REQUEST_COLUMNS[:-1], "owners", "source_file", "contact")
"""The columns that the digest covers; the others follow from them, or are in the history."""

FACT = "rows_sha256"
"""The name of the digest among the facts of a record."""

_AT_ONCE = 500
_BETWEEN = "\x1f"
_FIELDS = tuple(name for name in rows.REQUEST_FIELDS if name != "comment")
# Without contacts, which version 1 of the register had not, a row has one column less.
_SEPARATORS = len(IMPORTED_COLUMNS) - 2
_ROW = _BETWEEN.join(["%s"] * (_SEPARATORS + 1)) + "\n"


class ImportedRows:
    """The rows of one import, hashed while they are written; those that are touched again are read again at the end."""

    def __init__(self) -> None:
        self._hash = sha256()
        self._numbers = bytearray()
        self._is_complete = True

    def take(self, columns: Columns, file: str, contacts: Sequence[str] = ()) -> None:
        """Note rows that were just added, without owners. `columns` are those of `ClientRequest`.

        `contacts` are the digests of their contacts, or none at all.
        """
        if not self._is_complete:
            return
        # Over whole columns: hashing row by row would take a twentieth of the import's time.
        rest = f"{_BETWEEN}[]{_BETWEEN}{file}\n"
        texts = [map(str, columns[name]) if name == "users" else columns[name] for name in _FIELDS]
        lines = map(_BETWEEN.join, zip(*texts, strict=True))
        text = rest.join(chain(lines, [""]))
        count = len(columns["number"])
        if contacts or text.count(_BETWEEN) != _SEPARATORS * count or text.count("\n") != count:
            requests = zip(*(columns[name] for name in _FIELDS), contacts or repeat(""), strict=False)
            text = "".join([row_text((*request, "[]", file, contact)) for *request, contact in requests])
        self._hash.update(text.encode())
        self._numbers += _json_texts(columns["number"])

    def read_again_at_end(self) -> None:
        """Hash the rows at the end, as the register has them: some have changed since they were added."""
        self._is_complete = False
        self._numbers.clear()

    def end(self, database: Database, operation: int) -> tuple[bytearray, str]:
        """The numbers as JSON, each followed by a comma, and the digest."""
        if not self._is_complete:
            self._hash = sha256()
            sql = "SELECT number FROM application WHERE imported_in = :operation ORDER BY number"
            found = (number for (number,) in database.stream(sql, {"operation": operation}))
            while some := list(islice(found, _AT_ONCE)):
                names, values = in_list(some)
                sql = f"""
                    SELECT {", ".join(IMPORTED_COLUMNS)} FROM application WHERE number IN ({names}) ORDER BY number
                """
                self._hash.update("".join(map(row_text, database.rows(sql, values))).encode())
                self._numbers += _json_texts(some)
        return self._numbers, self._hash.hexdigest()


def row_text(values: Row) -> str:
    """One row, in the order of `IMPORTED_COLUMNS`, as the digest takes it: no two rows have the same text."""
    if values[-1]:
        return json.dumps(values) + "\n"
    text = _ROW % tuple(values[:-1])
    if text.count(_BETWEEN) == _SEPARATORS and text.count("\n") == 1:
        return text
    # A text with a separator in it is written as JSON, which escapes control characters.
    return json.dumps(values[:-1]) + "\n"


def _json_texts(numbers: Sequence[str]) -> bytes:
    return f"{json.dumps(numbers, ensure_ascii=False, separators=(',', ':'))[1:-1]},".encode()
