"""The data of the examples, with every check digit computed."""

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from mureg.domain.identifiers import is_inn, is_ogrn, snils_control, written_snils

AUTHORITIES = {"fns": "ФНС", "pfr": "ПФР", "fss": "ФСС"}


class Firm(NamedTuple):
    """A taxpayer; `kpp` is empty for a sole proprietor."""

    name: str
    inn: str
    kpp: str
    ogrn: str
    account: str


class Owner(NamedTuple):
    """A КЭП owner. `marks` are the words of the data file: authorities, roles, and what else is true."""

    name: str
    snils: str
    inn: str
    post: str
    marks: frozenset[str]

    @property
    def authorities(self) -> list[str]:
        """As 1C names them."""
        return [name for mark, name in AUTHORITIES.items() if mark in self.marks]


class Row(NamedTuple):
    """An application in a table; `users` of 0 is not stated."""

    number: str
    kind: str
    submitted_on: date
    firm: Firm
    multiuser: str
    tier: str
    users: int
    promotion: str
    comment: str


class Data:
    """The data file, with identifiers completed."""

    def __init__(self, path: Path) -> None:
        self.raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))

    def firm(self, key: str) -> Firm:
        """Give a firm with check digits that hold."""
        entry = self.raw["firms"][key]
        base: str = entry["inn"]
        if len(base) == 10:
            return Firm(entry["name"], full_inn(base), "", full_ogrn(f"323{base[:2]}99{base[3:]}"), f"TEST-{key}")
        ogrn = entry.get("ogrn", f"123{base[:2]}99{base[4:]}")
        return Firm(entry["name"], full_inn(base), f"{base[:4]}01001", full_ogrn(ogrn), f"TEST-{key}")

    def owner(self, entry: dict[str, str]) -> Owner:
        """Give a person in a post."""
        person = self.raw["people"][entry["who"]]
        number: int = person.get("snils") or 900_001_000 + person["id"]
        inn = full_inn(person.get("inn") or f"77000010{person['id']}")
        snils = written_snils(f"{number:09d}{snils_control(number)}")
        return Owner(person["name"], snils, inn, entry["post"], frozenset(entry["is"].split()))

    def owners(self, entries: Iterable[dict[str, str]]) -> list[Owner]:
        """Give people in their posts."""
        return [self.owner(entry) for entry in entries]

    def rows(self, table: str) -> list[Row]:
        """Give the applications of a table."""
        return [
            Row(number, kind, submitted_on, self.firm(firm), *rest)
            for number, kind, submitted_on, firm, *rest in self.raw[table]["rows"]
        ]


def full_inn(base: str) -> str:
    """Complete an ИНН from its digits without the last one (a legal entity) or the last two (a person)."""
    digits = 1 if len(base) == 9 else 2
    return next(inn for inn in (f"{base}{check:0{digits}d}" for check in range(10**digits)) if is_inn(inn))


def full_ogrn(base: str) -> str:
    """Complete an ОГРН or ОГРНИП from its digits without the last one."""
    return next(ogrn for ogrn in (f"{base}{check}" for check in range(10)) if is_ogrn(ogrn))
