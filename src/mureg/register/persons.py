"""People's data: written and deleted. The other tables name a person by a digest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mureg.domain.application import Application
from mureg.register import columns
from mureg.register.changes import insert_many
from mureg.register.engines.interface import Database, in_lists


def insert_persons(database: Database, persons: Sequence[columns.Person]) -> None:
    """Add people."""
    insert_many(database, "person", columns.Person._fields, persons)


def contacts_taken(database: Database, persons: Sequence[columns.Person]) -> list[columns.Person]:
    """Those of the contacts that an application names: of another, a row with its number was there before."""
    by_digest = {person.digest: person for person in persons}
    found = []
    for names, values in in_lists([person.application for person in by_digest.values()]):
        rows = database.rows(f"SELECT contact FROM application WHERE number IN ({names})", values)
        found += [by_digest[contact] for (contact,) in rows if contact in by_digest]
    return found


def write_changed_contacts(
    database: Database, before: Mapping[str, Application], after: Iterable[Application]
) -> dict[str, str]:
    """Add those contacts of applications that differ to the people; what the column `contact` becomes, by number."""
    written, persons = {}, []
    for each in after:
        contacts, former = (
            {name: getattr(application.request, name) for name in columns.CONTACT_FIELDS}
            for application in (each, before[each.number])
        )
        if contacts != former:
            written[each.number] = ""
            if any(contacts.values()):
                persons.append(columns.new_person(each.number, **contacts))
                written[each.number] = persons[-1].digest
    insert_persons(database, persons)
    return written


def delete_persons_of(database: Database, number: str) -> None:
    """Delete all people of an application, those of its earlier texts too."""
    database.run("DELETE FROM person WHERE application = :number", {"number": number})


def delete_persons_imported_in(database: Database, operation: int) -> None:
    """Delete all people of the applications that an import added."""
    database.run(
        "DELETE FROM person WHERE application IN (SELECT number FROM application WHERE imported_in = :operation)",
        {"operation": operation},
    )


def delete_persons_named(database: Database, row: Mapping[str, Any], *, but: Mapping[str, Any]) -> None:
    """Delete the people whom the columns of an application name, but those whom other columns name."""
    named, kept = (columns.persons_named(each.get("owners", "[]"), each.get("contact", "")) for each in (row, but))
    for digest in named - kept:
        database.run("DELETE FROM person WHERE digest = :digest", {"digest": digest})
