"""The header of a statement: which column is what."""

from collections.abc import Sequence
from typing import NamedTuple

from mureg.errors import Message, msg
from mureg.readers.applications.table import header_key
from mureg.readers.errors import listed
from mureg.readers.types import Profile


class Field(NamedTuple):
    """A field of a statement and the headers under which it may stand, English and Russian."""

    name: str
    headers: tuple[str, ...]


FIELDS = (
    Field("number", ("number", "Номер", "№ заявления", "Номер заявления")),
    Field("inn", ("inn", "ИНН")),
    Field("kpp", ("kpp", "КПП")),
    Field("name", ("name", "Наименование", "Организация", "Краткое наименование")),
    Field("tier", ("tier", "Вид расширения", "Тариф расширения")),
    Field("processed_on", ("processed_on", "Дата подключения", "Дата", "Дата обработки")),
    Field("list_price", ("list_price", "Цена", "Стоимость", "Розничная цена")),
    Field("discount_rate", ("discount_rate", "Скидка %", "Скидка, %", "Процент скидки")),
    Field("discount", ("discount", "Скидка", "Сумма скидки")),
    Field("payable", ("payable", "К оплате", "Сумма к оплате", "Итого к оплате")),
)

_APPLICATION_HEADERS = {
    header_key(text)
    for text in ("multiuser", "Многопользовательский режим", "submitted_on", "Дата заявления", "Дата отправки", "users",
                 "Пользователей", "Количество пользователей", "Тип заявления")
}  # fmt: skip


class Header(NamedTuple):
    """The row of headers: its number, its texts, where each field stands, and what is wrong with the columns."""

    row: int
    texts: tuple[str, ...]
    places: dict[str, int]
    faults: tuple[tuple[str, Message], ...] = ()


def find_header(rows: Sequence[Sequence[str]], profile: Profile | None) -> Header | None:
    """The first row that names the amount payable, and the number or the ИНН."""
    field_of = {header_key(header): field.name for field in FIELDS for header in field.headers}
    if profile is not None:
        field_of = {key: name for key, name in field_of.items() if name not in profile.columns}
        field_of |= {header_key(header): name for name, header in profile.columns.items()}
    for number, cells in enumerate(rows, start=1):
        places: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            name = field_of.get(header_key(cell)) if len(cell) < 200 else None
            if name is not None:
                places.setdefault(name, []).append(place)
        if "payable" in places and ("number" in places or "inn" in places):
            texts = tuple(" ".join(cell.split()) for cell in cells)
            return Header(
                number, texts, {name: found[0] for name, found in places.items()}, _faults(places, texts, profile)
            )
    return None


def header_of_applications(rows: Sequence[Sequence[str]]) -> bool:
    """Whether one of the rows is the header of a list of applications."""
    return any(len({header_key(cell) for cell in cells} & _APPLICATION_HEADERS) >= 2 for cells in rows)


def _faults(
    places: dict[str, list[int]], texts: Sequence[str], profile: Profile | None
) -> tuple[tuple[str, Message], ...]:
    faults = [
        (name, msg("{count} columns could be {field}: {headers}", count=len(found), field=name,
                   headers=listed(texts[place] for place in found)))
        for name, found in places.items() if len(found) > 1
    ]  # fmt: skip
    if profile is not None:
        faults += [
            (name, msg("the profile names the column “{header}”, which the table does not have", header=header))
            for name, header in profile.columns.items()
            if name not in places
        ]
    return tuple(faults)
