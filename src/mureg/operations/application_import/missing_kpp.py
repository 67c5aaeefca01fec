"""The КПП of a change that states none: that of its account's organisation, else of the only one with its ИНН."""

from collections import Counter, defaultdict
from collections.abc import Collection
from itertools import islice

from mureg.domain.application import ClientRequest
from mureg.domain.columns import Columns, rows_of
from mureg.errors import Message, msg
from mureg.register.queries.organizations import Organizations

_MOST_NAMED = 20
_ANY_ACCOUNT = ""


def needs_kpp(request: ClientRequest) -> bool:
    """Whether the application's organisation has a КПП that it does not state: an ИНН of 10 digits comes with one."""
    return not request.kpp and request.kind != "connection" and len(request.inn) == 10


def any_needs_kpp(columns: Columns) -> bool:
    """Whether one of the applications needs a КПП. Nearly every table has connections only."""
    return set(columns["kind"]) != {"connection"} and any(map(needs_kpp, rows_of(ClientRequest, columns)))


class KppFinder:
    """Finds the КПП of changes; `accounts` are all that they name.

    The applications of an ИНН are counted once, by КПП, and followed from there: thousands of changes may have one ИНН.
    """

    def __init__(self, organizations: Organizations, accounts: Collection[str]) -> None:
        self._organizations = organizations
        self._accounts = {*accounts, _ANY_ACCOUNT}
        self._loaded: set[str] = set()
        self._kpps: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        """How many applications have a КПП, by ИНН and account."""

    def kpp_of(self, request: ClientRequest, stored: ClientRequest | None) -> str | None:
        """The КПП of a change; empty where its ИНН is new, `None` where several organisations are possible.

        `stored` is what the register has under its number.
        """
        if stored is not None and stored.inn == request.inn:
            return stored.kpp
        self._load(request.inn)
        for account in (request.account, _ANY_ACCOUNT):
            kpps = self._kpps[request.inn, account]
            if len(kpps) == 1:
                return next(iter(kpps))
        return None if kpps else ""

    def several(self, inn: str) -> Message:
        """The fault of a change where several organisations are possible."""
        kpps = self._kpps[inn, _ANY_ACCOUNT]
        named = [kpp or "—" for kpp in sorted(islice(kpps, _MOST_NAMED))]
        if len(kpps) > _MOST_NAMED:
            named.append("…")
        return msg("several organizations have the ИНН {inn}: specify the КПП, one of {kpps}",
                   inn=inn, kpps=", ".join(named))  # fmt: skip

    def follow(self, before: ClientRequest | None, after: ClientRequest) -> None:
        """Note that an application was added, or changed."""
        for request, change in ((before, -1), (after, 1)):
            if request is not None and request.inn in self._loaded:
                self._count(request.inn, request.account, request.kpp, change)

    def _load(self, inn: str) -> None:
        if inn not in self._loaded:
            self._loaded.add(inn)
            for account, kpp, applications in self._organizations.accounts_with_inn(inn):
                self._count(inn, account, kpp, applications)

    def _count(self, inn: str, account: str, kpp: str, change: int) -> None:
        for key in {account, _ANY_ACCOUNT} & self._accounts:
            kpps = self._kpps[inn, key]
            kpps[kpp] += change
            if not kpps[kpp]:
                del kpps[kpp]
