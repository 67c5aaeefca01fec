"""Organisations in the register: they are what the applications say of them."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from mureg.domain.application import Organization
from mureg.domain.licence_list import OrganizationToday, Period
from mureg.domain.text import search_key
from mureg.register.columns import CONTACT_FIELDS
from mureg.register.engines.interface import Database
from mureg.register.history import erasure_subject
from mureg.register.queries.applications import Applications
from mureg.register.queries.position import Position, behind


class OrganizationFilter(NamedTuple):
    """Which organisations a list shows; `None` is no condition. `search` looks in numbers, ИНН and names."""

    search: str | None = None
    ends_in: Period | None = None
    """A licence ends within the days."""


class CountedOrganization(NamedTuple):
    """An organisation, and how many applications it has."""

    organization: Organization
    applications: int


class OrganizationDetails(NamedTuple):
    """The latest that an organisation's applications state of it; empty where none does."""

    ogrn: str
    name: str
    account: str
    program_number: str
    phone: str
    email: str


class UsedAccount(NamedTuple):
    """An account and a КПП that applications state together, each empty where they do not, and how many do."""

    account: str
    kpp: str
    applications: int


class Organizations:
    """Questions about organisations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def matching(
        self, wanted: OrganizationFilter, *, reverse: bool = False, after: Position | None = None
    ) -> Iterator[CountedOrganization]:
        """The organisations that the filter lets through, by ИНН and КПП; those behind the position."""
        conditions = ["1 = 1"]
        values: dict[str, object] = {}
        if wanted.search is not None:
            contains = self._database.contains.format(column="s.search", text=":search")
            conditions.append(f"(a.inn, a.kpp) IN (SELECT s.inn, s.kpp FROM application s WHERE {contains})")
            values["search"] = search_key(wanted.search)
        if wanted.ends_in is not None:
            ending = "SELECT l.inn, l.kpp FROM licence l WHERE l.ends_on BETWEEN :first AND :last"
            conditions.append(f"(a.inn, a.kpp) IN ({ending})")
            values |= {"first": wanted.ends_in.first.isoformat(), "last": wanted.ends_in.last.isoformat()}
        if after is not None:
            is_behind, of_position = behind("a.inn", "a.kpp", after, reverse=reverse)
            conditions.append(is_behind)
            values |= of_position
        direction = "DESC" if reverse else "ASC"
        sql = f"""
            SELECT a.inn, a.kpp, count(*) FROM application a WHERE {" AND ".join(conditions)}
            GROUP BY a.inn, a.kpp ORDER BY a.inn {direction}, a.kpp {direction}
        """
        for inn, kpp, applications in self._database.stream(sql, values):
            yield CountedOrganization(Organization(inn, kpp), applications)

    def like(self, text: str, limit: int) -> list[Organization]:
        """Organisations of applications with the text in the name, the ИНН or the number, by ИНН and КПП."""
        contains = self._database.contains.format(column="a.search", text=":search")
        sql = f"SELECT DISTINCT a.inn, a.kpp FROM application a WHERE {contains} ORDER BY a.inn, a.kpp LIMIT :limit"
        return list(map(Organization._make, self._database.rows(sql, {"search": search_key(text), "limit": limit})))

    def with_certificates_ending(self, period: Period, limit: int) -> list[Organization]:
        """Organisations in whose applications a certificate ends within the days, at most so many."""
        sql = """
            SELECT DISTINCT a.inn, a.kpp FROM person p JOIN application a ON a.number = p.application
            WHERE p.certificate_until <> '' AND p.certificate_until BETWEEN :first AND :last LIMIT :limit
        """
        values = {"first": period.first.isoformat(), "last": period.last.isoformat(), "limit": limit}
        return list(map(Organization._make, self._database.rows(sql, values)))

    def today(self, organizations: Collection[Organization]) -> dict[Organization, OrganizationToday]:
        """The latest name, contacts and number of users of each; what was rejected or cancelled counts no users."""
        found = dict.fromkeys(organizations, OrganizationToday())
        inns = sorted({organization.inn for organization in organizations})
        for application in Applications(self._database).of_inns(inns):
            before = found.get(application.organization)
            if before is not None:
                request = application.request
                counts = application.status in ("new", "processed") and application.users is not None
                found[application.organization] = OrganizationToday(
                    request.name or before.name,
                    request.phone or before.phone,
                    request.email or before.email,
                    application.users if counts else before.users,
                )
        return found

    def with_inn(self, inn: str) -> list[Organization]:
        """The organisations with this ИНН."""
        sql = "SELECT DISTINCT inn, kpp FROM application WHERE inn = :inn ORDER BY inn, kpp"
        return list(map(Organization._make, self._database.rows(sql, {"inn": inn})))

    def inns_from(self, beginning: str, limit: int) -> list[str]:
        """The first ИНН that begin with the digits."""
        sql = """
            SELECT DISTINCT inn FROM application WHERE inn >= :beginning AND inn < :end ORDER BY inn LIMIT :limit
        """
        # The character behind the digits.
        values = {"beginning": beginning, "end": f"{beginning}:", "limit": limit}
        return [inn for (inn,) in self._database.rows(sql, values)]

    def accounts_with_inn(self, inn: str) -> Iterator[UsedAccount]:
        """The accounts that the organisations with this ИНН used, by КПП."""
        sql = """
            SELECT account, kpp, count(*) FROM application WHERE inn = :inn
            GROUP BY kpp, account ORDER BY kpp, account
        """
        return map(UsedAccount._make, self._database.stream(sql, {"inn": inn}))

    def details(self, organization: Organization) -> OrganizationDetails:
        """What the organisation's card shows."""
        return OrganizationDetails._make(self._latest(column, organization) for column in OrganizationDetails._fields)

    def _latest(self, column: str, organization: Organization) -> str:
        # Contacts are kept with the people.
        is_contact = column in CONTACT_FIELDS
        tables = "application a JOIN person p ON p.digest = a.contact" if is_contact else "application a"
        column = f"{'p' if is_contact else 'a'}.{column}"
        sql = f"""
            SELECT {column} FROM {tables} WHERE a.inn = :inn AND a.kpp = :kpp AND {column} <> ''
            ORDER BY a.submitted_on DESC, a.number DESC LIMIT 1
        """
        for (value,) in self._database.rows(sql, organization._asdict()):
            return str(value)
        return ""

    def numbers_of(self, organization: Organization) -> list[str]:
        """The numbers of the organisation's applications, by submission."""
        sql = "SELECT number FROM application WHERE inn = :inn AND kpp = :kpp ORDER BY submitted_on, number"
        return [number for (number,) in self._database.rows(sql, organization._asdict())]

    def numbers_with_people(self, organization: Organization) -> set[str]:
        """The numbers of the organisation's applications that the register keeps personal data of."""
        sql = """
            SELECT number FROM application a WHERE inn = :inn AND kpp = :kpp
              AND (client_comment <> '' OR EXISTS (SELECT 1 FROM person p WHERE p.application = a.number))
        """
        return {number for (number,) in self._database.rows(sql, organization._asdict())}

    def is_erased(self, organization: Organization) -> bool:
        """Whether the personal data of the organisation's people was erased once."""
        sql = "SELECT 1 FROM history_subject WHERE subject = :subject LIMIT 1"
        return bool(list(self._database.rows(sql, {"subject": erasure_subject(organization)})))
