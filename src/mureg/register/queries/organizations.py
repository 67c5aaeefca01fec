"""Organisations in the register: they are what the applications say of them."""

from collections.abc import Iterator
from typing import NamedTuple

from mureg.domain.application import Organization
from mureg.register.engines.interface import Database
from mureg.register.history import erasure_subject


class ListedOrganization(NamedTuple):
    """An organisation with its latest name, and how many applications it has."""

    organization: Organization
    name: str
    applications: int


class OrganizationDetails(NamedTuple):
    """The latest that an organisation's applications state of it; empty where none does."""

    ogrn: str
    name: str
    account: str
    program_number: str


class UsedAccount(NamedTuple):
    """An account and a КПП that applications state together, each empty where they do not, and how many do."""

    account: str
    kpp: str
    applications: int


class Organizations:
    """Questions about organisations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Iterator[ListedOrganization]:
        """Every organisation, by ИНН and КПП."""
        sql = "SELECT inn, kpp, count(*) FROM application GROUP BY inn, kpp ORDER BY inn, kpp"
        for inn, kpp, applications in self._database.stream(sql):
            organization = Organization(inn, kpp)
            yield ListedOrganization(organization, self._latest("name", organization), applications)

    def with_inn(self, inn: str) -> list[Organization]:
        """The organisations with this ИНН."""
        sql = "SELECT DISTINCT inn, kpp FROM application WHERE inn = :inn ORDER BY inn, kpp"
        return list(map(Organization._make, self._database.rows(sql, {"inn": inn})))

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
        sql = f"""
            SELECT {column} FROM application WHERE inn = :inn AND kpp = :kpp AND {column} <> ''
            ORDER BY submitted_on DESC, number DESC LIMIT 1
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
