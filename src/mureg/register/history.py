"""The records of the history: what they say, what they depend on, and how each is chained to the one before.

The history is append-only. Each record's hash is taken over the hash before it and its own content, so that no
record can be changed or taken out unseen.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from mureg.domain.application import Organization
from mureg.lazy_imports import lazy_imports
from mureg.register.engines.schema import NUMBERS_IN_RECORD

with lazy_imports():
    import hashlib

_PIECE = 1 << 20


class Actor(NamedTuple):
    """Who does it, by which command, at which instant (UTC, ISO)."""

    user: str
    command: str
    at: str

    @classmethod
    def acting(cls, user: str, command: str, now: datetime) -> "Actor":
        """Who does it at this moment, which has a time zone."""
        return cls(user, command, now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def instant_of(day: date) -> str:
    """The beginning of a local day, as the history writes instants."""
    began = datetime.combine(day, time())
    # Windows knows the local time of the years 1970 to 3000 only. There are no records of others.
    with suppress(OSError, OverflowError):
        began = began.astimezone(UTC)
    return began.strftime("%Y-%m-%dT%H:%M:%SZ")


class HistoryRecord(NamedTuple):
    """One operation: who did what when, and every changed row before and after it.

    `numbers`, `before` and `after` are JSON texts, kept as they were hashed. Of a large operation they are only the
    beginning: `History.numbers` and `History.images` read all of it. `number_count` says how many numbers there are.
    """

    operation: int
    done_at: str
    done_by: str
    command: str
    numbers: str
    before: str
    after: str
    undoes: int | None
    hash: str
    number_count: int


Images = dict[str, dict[str, dict[str, Any]]]
"""Table → key → column → value."""


class RowImages(NamedTuple):
    """The changed columns of some rows. A new row is in `after` alone, a deleted one in `before`.

    Beside the tables `after` holds facts, with the first rows of a record.
    """

    before: Images
    after: Images


# --- facts: what `after` holds beside the tables --------------------------------------------------------------------

SUBJECTS_FACT = "subjects_sha256"
"""The name of the digest of a record's subjects among its facts."""

IMAGES_FACT = "images_sha256"
"""The name of the digest of the images that the record does not hold itself."""

ERASED = "erased"
"""The fact by which the record of an erasure is known."""

DIGEST = "digest"
"""In the place of a text that is kept in the table of people: its salted digest."""


def is_erasure(record: HistoryRecord) -> bool:
    """Whether the operation erased personal data, which no undoing brings back."""
    return f'"{ERASED}":' in record.after and ERASED in json.loads(record.after)


# --- subjects: what an operation depended on or changed, by which undo knows what depends on what -------------------

RESOLUTION_SUBJECT = "resolution "
"""How the subject of a resolution begins. The resolutions of a month do not depend on each other."""


IMPORT_SUBJECT = "import "
"""How the subject of an earlier import begins."""


def application_subject(number: str) -> str:
    """An application."""
    return f"application {number}"


def import_subject(operation: int) -> str:
    """What an import added, as a later import that skipped some of it depends on it."""
    return f"{IMPORT_SUBJECT}{operation}"


def month_subject(month: str) -> str:
    """A month."""
    return f"month {month}"


def organization_subject(organization: Organization) -> str:
    """The licences of an organisation."""
    return f"organization {organization}"


def erasure_subject(organization: Organization) -> str:
    """The erasing of an organisation's people."""
    return f"erasure {organization}"


# --- hashes ---------------------------------------------------------------------------------------------------------


def canonical_json(value: object) -> str:
    """A value as records keep it and as it is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def subjects_digest(subjects: Iterable[str]) -> str:
    """SHA-256 over the subjects of an operation, in order."""
    return hashlib.sha256(canonical_json(list(subjects)).encode()).hexdigest()


def images_digest(texts: Iterable[tuple[str, str]]) -> str | None:
    """SHA-256 over the images that a record does not hold itself, as JSON texts; `None` where there are none."""
    digest = None
    for each in texts:
        digest = digest or hashlib.sha256()
        digest.update(canonical_json(each).encode())
    return digest.hexdigest() if digest else None


def replace_hash(record: HistoryRecord, previous_hash: str) -> HistoryRecord:
    """A record whose `numbers` are whole, with the hash that its content and the hash before it give, over their JSON.

    With the count of its numbers, which follows from them and is not hashed.
    """
    digest = hashlib.sha256()
    between = b"["
    for value in (previous_hash, *record[: HistoryRecord._fields.index("hash")]):
        digest.update(between)
        between = b","
        for piece in _pieces(value):
            digest.update(piece.encode())
    digest.update(b"]")
    return record._replace(hash=digest.hexdigest(), number_count=_count(record.numbers))


def split_numbers(record: HistoryRecord) -> tuple[HistoryRecord, str]:
    """A record whose `numbers` are whole as it is kept, and the rest of them."""
    numbers = record.numbers
    return record._replace(numbers=numbers[:NUMBERS_IN_RECORD]), numbers[NUMBERS_IN_RECORD:]


def first_numbers(record: HistoryRecord, most: int) -> list[str]:
    """The first numbers of a record: so many, or as many as it holds."""
    found: list[str] = []
    place, read = 1, json.JSONDecoder().raw_decode
    # The text may end within a number.
    with suppress(ValueError):
        while len(found) < most:
            number, end = read(record.numbers, place)
            found.append(number)
            place = end + 1
    return found


def _count(numbers: str) -> int:
    """How many texts a JSON array has, from its quotation marks: a list of millions would take much memory."""
    return numbers.replace("\\\\", "").replace('\\"', "").count('"') // 2


def _pieces(value: object) -> Iterator[str]:
    """The JSON of a value, a long text in pieces: the numbers of a large import must not be in memory thrice."""
    if not isinstance(value, str) or len(value) <= _PIECE:
        yield canonical_json(value)
        return
    yield '"'
    for start in range(0, len(value), _PIECE):
        yield canonical_json(value[start : start + _PIECE])[1:-1]
    yield '"'
