"""The records of the history: what they say, what they stand on, and what chains each to the one before.

The history is append-only. Each record's hash is taken over the hash before it and its own content, so that no
record can be changed or taken out unseen.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mureg.domain.application import Organization
from mureg.register.engines.interface import Database

_PIECE = 1 << 20


class Actor(NamedTuple):
    """Who does it, by which command, at which instant (UTC, ISO)."""

    user: str
    command: str
    at: str


class HistoryRecord(NamedTuple):
    """One operation: who did what when, and every changed row before and after it.

    `numbers`, `before` and `after` are JSON texts, kept as they were hashed.
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


def history_head(database: Database) -> tuple[int, str]:
    """The number and the hash of the last operation; 0 and nothing in an empty history."""
    for operation, hash_ in database.rows("SELECT operation, hash FROM history ORDER BY operation DESC LIMIT 1"):
        return int(operation), str(hash_)
    return 0, ""


def replace_hash(record: HistoryRecord, previous_hash: str) -> HistoryRecord:
    """The record with the hash that its content and the hash before it give, over their JSON."""
    from hashlib import sha256  # noqa: PLC0415  only what writes hashes, and it is slow to load

    digest = sha256()
    between = b"["
    for value in (previous_hash, *record[:-1]):
        digest.update(between)
        between = b","
        for piece in _pieces(value):
            digest.update(piece.encode())
    digest.update(b"]")
    return record._replace(hash=digest.hexdigest())


def _pieces(value: object) -> Iterator[str]:
    """The JSON of a value, a long text in pieces: the numbers of a large import must not stand in memory thrice."""
    if not isinstance(value, str) or len(value) <= _PIECE:
        yield canonical_json(value)
        return
    yield '"'
    for start in range(0, len(value), _PIECE):
        yield canonical_json(value[start : start + _PIECE])[1:-1]
    yield '"'


SUBJECTS_FACT = "subjects_sha256"
"""The name of the digest of a record's subjects among its facts."""


def subjects_digest(subjects: Iterable[str]) -> str:
    """SHA-256 over what an operation stood on or changed, in order."""
    from hashlib import sha256  # noqa: PLC0415  see `replace_hash`

    return sha256(canonical_json(list(subjects)).encode()).hexdigest()


def application_subject(number: str) -> str:
    """An application, as the history's subjects name it."""
    return f"application {number}"


# How the subject of a resolution begins. Resolutions of a month stand beside each other, not on each other.
RESOLUTION_SUBJECT = "resolution "


def month_subject(month: str) -> str:
    """A month, as the history's subjects name it."""
    return f"month {month}"


def organization_subject(organization: Organization) -> str:
    """An organisation, as the history's subjects name it."""
    return f"organization {organization}"


# In the place of a text that stands in the table of people.
DIGEST = "digest"


def said_by(database: Database, image: object) -> object:
    """The value of an image; `None` of a text that is not there any more."""
    if not isinstance(image, dict):
        return image
    found = database.rows("SELECT name FROM person WHERE digest = :digest", {"digest": image[DIGEST]})
    return next((text for (text,) in found), None)


# The fact by which an erasure's record is known.
ERASED = "erased"


def erasure_subject(organization: Organization) -> str:
    """The erasing of an organisation's people, as the history's subjects name it."""
    return f"erasure {organization}"


def is_erasure(record: HistoryRecord) -> bool:
    """Whether the operation erased personal data, which no undoing brings back."""
    return f'"{ERASED}":' in record.after and ERASED in json.loads(record.after)


def canonical_json(value: object) -> str:
    """A value as records keep it and as it is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
