"""The error of a table whose columns do not fit: what was found, and the profile that would name them."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from mureg.errors import Fault, Message, Rejected, msg
from mureg.readers.errors import listed
from mureg.readers.tables.columns import Field
from mureg.readers.tables.header import Header, HeaderFinder, likeness
from mureg.readers.types import Profile

# What the header of a column with such a value mostly has in it, the surest first. Only a proposal: a person decides.
_STEMS = {
    "payable": ("оплат", "перечисл", "выплат", "вознагражд", "сумм", "итог", "amount", "total"),
    "number": ("заявл", "обращен", "заявк", "номер", "№", "number"),
    "inn": ("инн", "налогоплат", "inn"),
    "submitted_on": ("отправ", "поступ", "дата", "date"),
}


class UnknownHeader(Rejected):
    """The table has a header of its own: a profile may name its columns."""


class Head(NamedTuple):
    """The first rows of a table, and the sheet that it is on."""

    sheet: str | None
    rows: Sequence[Sequence[str]]


class NearestHeader(NamedTuple):
    """The row that is most like a header, and its sheet."""

    sheet: str | None
    header: Header


def nearest_header(finder: HeaderFinder, heads: Iterable[Head]) -> NearestHeader | None:
    """Where no table has a header, the row of them all that is most like one, with its sheet."""
    found = [NearestHeader(sheet, header) for sheet, rows in heads if (header := finder.nearest(rows)) is not None]
    return max(found, key=lambda entry: likeness(entry.header), default=None)


def unfit_columns(
    file: str,
    sheet: str | None,
    header: Header,
    finder: HeaderFinder,
    needed: Iterable[Sequence[Field]],
    profile: Profile | None,
    kind: Literal["applications", "statement"],
) -> UnknownHeader | None:
    """The error of a table whose header lacks columns, or has too many for one field; `None` where all is well.

    Of the fields in each item of `needed` one must be there. The hint has the headers that were found, and the profile
    to paste into mureg.toml.
    """
    messages = header.ambiguous() | finder.absent(header)
    proposals = {field: _likeliest(field, header) for field in messages}
    for fields in needed:
        names = [field.name for field in fields]
        if not any(name in header.places or name in messages for name in names):
            found = {name: text for name in names if (text := _likeliest(name, header))}
            name = next(iter(found), names[0])
            messages[name], proposals[name] = _missing(fields), found.get(name, "")
    if not messages:
        return None
    name = profile.name if profile else {"statement": "operator", "applications": "table"}[kind]
    lines = [f"[profile.{name}.columns]"] if profile else [f"[profile.{name}]", f'kind = "{kind}"', "",
                                                           f"[profile.{name}.columns]"]  # fmt: skip
    lines += [f"{field} = {_toml_text(text or '…')}" for field, text in proposals.items()]
    hint = msg(
        "found in row {row}: {headers}\nname the right ones in mureg.toml, and read the file with --profile {name}:"
        "\n\n{lines}",
        row=header.row, headers=listed(filter(None, header.texts)), name=name, lines=tuple(lines),
    )  # fmt: skip
    faults = [Fault(message, file, sheet, header.row, field, header.text(field)) for field, message in messages.items()]
    return UnknownHeader(msg("the columns of the table were not recognized"), hint, faults)


def _missing(fields: Sequence[Field]) -> Message:
    names = [field.name for field in fields]
    headers = [header for field in fields for header in (*field.headers[1:], *field.general_headers)]
    return msg("the table has no column for {field} ({headers})", field=" / ".join(names), headers=", ".join(headers))


def _likeliest(field: str, header: Header) -> str:
    """The header that the column of the field may have; empty where none looks like it."""
    known = {place for places in header.places.values() for place in places} - {*header.places.get(field, ())}
    texts = [text for place, text in enumerate(header.texts) if place not in known and "п/п" not in text]
    for stem in _STEMS.get(field, ()):
        for text in texts:
            if any(word.startswith(stem) for word in text.casefold().split()):
                return text
    return ""


def _toml_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
