"""The model of an application in JSON, as `application show --json` prints it and `import` takes it.

One declaration for an object, an array and JSON lines, and for the JSON Schema that `mureg schema application` prints.
Texts that a table has too are read by the table's parsers. Derived keys (`effective`, `warnings`…) may have any value:
they are computed anew. Null means the same as no key, except for the true-or-false keys of an owner.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Annotated, Any, Literal, Required, get_args

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationInfo, WithJsonSchema, with_config
from pydantic.config import JsonDict
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from mureg.domain.application import ROLES, Kind, RequestedMode, Role, Status, Switch, Tier
from mureg.domain.dates import parse_date
from mureg.domain.identifiers import inn_fault, snils_fault, written_snils
from mureg.errors import Message, msg
from mureg.readers.applications.fields import FIELD_BY_NAME, MOST_USERS, parse_field
from mureg.readers.errors import kpp_of_proprietor
from mureg.readers.json_validation import (
    INN_PATTERN,
    KPP_PATTERN,
    OGRN_PATTERN,
    STRICT,
    Explained,
    schema_of,
    wrong,
)
from mureg.readers.tables.columns import Value
from mureg.readers.types import Limits
from mureg.readers.values import LONGEST_NUMBER, unstorable

MOST_OWNERS = 10_000
_MOST_IN_LIST = 1_000
# With texts as long as a field may be: 10 MB.
_MOST_REMEMBERED = 1_000


# --- types of values --------------------------------------------------------------------------------------------------


def _cell(name: str, *, repeats: bool = False) -> AfterValidator:
    """The table's parser of a field. `repeats`: many applications have the same value, which is parsed once."""
    read: Callable[[str, int], Value | Message] = partial(parse_field, FIELD_BY_NAME[name])
    if repeats:
        read = lru_cache(maxsize=_MOST_REMEMBERED)(read)

    def parse(text: str, info: "ValidationInfo[Limits]") -> Any:
        value = read(text, info.context.field_characters)
        if type(value) is Message:
            raise wrong(value, text.strip())
        return value

    return AfterValidator(parse)


def _parse_text(text: str, info: "ValidationInfo[Limits]") -> str:
    text, longest = text.strip(), info.context.field_characters
    if len(text) > longest:
        raise wrong(msg("the text is longer than {longest} characters", longest=longest), text)
    if (message := unstorable(text)) is not None:
        raise wrong(message, text)
    return text


def _fits_inn(kpp: str, info: "ValidationInfo[Limits]") -> str:
    message = kpp_of_proprietor(info.data.get("inn", ""), kpp)
    if message is not None:
        raise wrong(message, kpp)
    return kpp


def _parse_snils(text: str) -> str:
    snils = written_snils(text)
    if snils and (message := snils_fault(snils)):
        raise wrong(message)
    return snils


def _check_person_inn(inn: str) -> str:
    if inn and (message := inn_fault(inn) if len(inn) == 12 else msg("the ИНН of a person must have 12 digits")):
        raise wrong(message)
    return inn


def _check_day(text: str) -> str:
    if len(text) != len("2023-08-07") or not _is_day(text):
        raise ValueError
    return text


@lru_cache(maxsize=10_000)
def _is_day(text: str) -> bool:
    day = parse_date(text)
    return day is not None and day.isoformat() == text


def _parse_lines(texts: list[str], info: "ValidationInfo[Limits]") -> list[str]:
    longest = info.context.field_characters
    if any(not text.strip() or "\n" in text or unstorable(text) or len(text) > longest for text in texts):
        raise ValueError
    return [text.strip() for text in texts]


def _parse_roles(texts: list[str]) -> tuple[Role, ...]:
    if set(texts) - set(ROLES):
        raise wrong(msg("the roles must be among {choices}", choices=", ".join(ROLES)))
    return tuple(role for role in ROLES if role in texts)


def _one_of(choice: Any) -> Explained:
    return Explained(msg("must be one of {choices}, or null", choices=", ".join(get_args(choice))))


def _matching(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": rf"^\s*({pattern})\s*$"})


_Kind = Annotated[Kind, _one_of(Kind)]
_Status = Annotated[Status, _one_of(Status)]
_Requested = Annotated[RequestedMode, _one_of(RequestedMode)]
_Switch = Annotated[Switch, _one_of(Switch)]
_Tier = Annotated[Tier, _one_of(Tier)]
_Readable = Literal["read", "unreadable"]
_Certificate = Annotated[_Readable, _one_of(_Readable)]
_Boolean = Annotated[bool, Explained(msg("must be true or false"))]
_Text = Annotated[str, Explained(msg("must be text in quotes, or null"))]
_FreeText = Annotated[_Text, AfterValidator(_parse_text)]
_Number = Annotated[_Text, _cell("number"), _matching(rf"(?!-)\S(.{{0,{LONGEST_NUMBER - 2}}}\S)?")]
_Inn = Annotated[_Text, _cell("inn"), _matching(INN_PATTERN)]
_Kpp = Annotated[_Text, _cell("kpp", repeats=True), AfterValidator(_fits_inn), _matching(KPP_PATTERN + "|")]
_Ogrn = Annotated[_Text, _cell("ogrn"), _matching(OGRN_PATTERN + "|")]
_Name = Annotated[_Text, _cell("name")]
_Account = Annotated[_Text, _cell("account")]
_ProgramNumber = Annotated[_Text, _cell("program_number")]
_Promotion = Annotated[_Text, _cell("promotion", repeats=True)]
_ClientComment = Annotated[_Text, _cell("client_comment")]
_Phone = Annotated[_Text, _cell("phone")]
_Email = Annotated[_Text, _cell("email")]
_SnilsPattern = _matching("([0-9]{3}-?[0-9]{3}-?[0-9]{3}[ -]?[0-9]{2})?")
_Snils = Annotated[_FreeText, AfterValidator(_parse_snils), _SnilsPattern]
_PersonInn = Annotated[_FreeText, AfterValidator(_check_person_inn), _matching("([0-9]{12})?")]
_Day = Annotated[
    str,
    AfterValidator(_check_day),
    Explained(msg("a date in JSON must be an existing day, as in 2023-08-07")),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]
_Lines = Annotated[
    list[Annotated[str, Field(json_schema_extra={"pattern": r"^[^\n]*\S[^\n]*$"})]],
    Field(max_length=_MOST_IN_LIST),
    AfterValidator(_parse_lines),
    Explained(msg("must be an array of at most {most} single-line texts", most=_MOST_IN_LIST)),
]
_RolesSchema = WithJsonSchema({"type": "array", "items": {"enum": [*ROLES]}, "maxItems": _MOST_IN_LIST})
_Roles = Annotated[_Lines, AfterValidator(_parse_roles), _RolesSchema]
_Users = Annotated[
    int,
    Field(ge=0, le=MOST_USERS),
    Explained(msg("the number of users must be a whole number from 0 to {most}", most=MOST_USERS)),
]
_Erased = Annotated[
    int,
    Field(ge=1, le=MOST_OWNERS),
    Explained(msg("must be a whole number from 1 to {most}, or null", most=MOST_OWNERS)),
]


# --- the objects ------------------------------------------------------------------------------------------------------


def _doc(description: str) -> Any:
    return Field(description=description)


_COMPUTED = _doc("Computed by mureg: import does not read it.")


@with_config(STRICT)
class OrganizationObject(TypedDict, total=False):
    """The taxpayer that sent the application."""

    inn: Required[Annotated[_Inn, _doc("ИНН: 10 digits, or 12 of a sole proprietor. The check digits hold.")]]
    kpp: Annotated[_Kpp | None, _doc("КПП: 9 characters. A sole proprietor has none.")]
    ogrn: Annotated[_Ogrn | None, _doc("ОГРН (13 digits) or ОГРНИП (15). The check digit holds.")]
    name: Annotated[_Name | None, _doc("Short name.")]
    account: Annotated[_Account | None, _doc("Id of the subscriber's account: at most 100 characters.")]
    program_number: Annotated[_ProgramNumber | None, _doc("Registration number of the client's 1C program.")]
    phone: Annotated[_Phone | None, _doc("Main telephone: personal data, erased with the people.")]
    email: Annotated[_Email | None, _doc("E-mail address: personal data, erased with the people.")]


@with_config(STRICT)
class MultiuserObject(TypedDict, total=False):
    """The multi-user mode: what the client asked for, and what the partner set."""

    requested: Annotated[_Requested | None, _doc("What the client asked for. Absent or null: unstated.")]
    requested_tier: Annotated[_Tier | None, _doc("The tier that the client asked for.")]
    set: Annotated[_Switch | None, _doc("What the partner set instead.")]
    set_by: Annotated[_FreeText | None, _doc("Who set it.")]
    set_tier: Annotated[_Tier | None, _doc("The tier that the partner set.")]
    users: Annotated[_Users | None, _doc("How many people will use the mode. Not read where owners lists them.")]
    effective: Annotated[Any, _COMPUTED]
    tier: Annotated[_Tier | None, _doc("The tier in force. Read only where set is on and there is no set_tier.")]
    suggested_tier: Annotated[Any, _COMPUTED]


@with_config(STRICT)
class OwnerObject(TypedDict, total=False):
    """An owner of a КЭП (a qualified signature certificate), or an invited user."""

    # In the order in which faults are listed.
    snils: Annotated[_Snils | None, _doc("СНИЛС, written 999-999-999 99. The control number holds.")]
    inn: Annotated[_PersonInn | None, _doc("ИНН of the person: 12 digits. The check digits hold.")]
    roles: Annotated[_Roles | None, _doc("What the person may do.")]
    name: Annotated[_FreeText | None, _doc("Full name.")]
    position: Annotated[_FreeText | None, _doc("Position.")]
    phone: Annotated[_FreeText | None, _doc("Mobile telephone.")]
    email: Annotated[_FreeText | None, _doc("E-mail address.")]
    authorities: Annotated[_Lines | None, _doc("The authorities to which the person reports.")]
    sender: Annotated[_Boolean, _doc("Whether the person sent the application.")]
    removed: Annotated[_Boolean, _doc("Whether the person is being removed.")]
    potential: Annotated[_Boolean, _doc("Whether the person is an invited user.")]
    certificate: Annotated[_Certificate | None, _doc("Whether the certificate could be read; null without one.")]
    certificate_until: Annotated[_Day | None, _doc("The last day of the certificate.")]
    erased: Annotated[_Erased | None, _doc("The person's number in the application, instead of erased personal data.")]


_Owners = Annotated[list[OwnerObject], Field(max_length=MOST_OWNERS)]


@with_config(STRICT)
class LicenceObject(TypedDict, total=False):
    """The licence that the processing made."""

    tier: Required[Annotated[_Tier, _doc("Its tier.")]]
    starts_on: Required[Annotated[_Day, _doc("Its first day.")]]
    ends_on: Required[Annotated[_Day, _doc("Its last day; before the first one, if it was ended before it began.")]]
    term_ends_on: Annotated[_Day | None, _doc("The last day of its term, whatever ended it before.")]
    late: Annotated[_Boolean, _doc("Whether it was sold in a month that was closed already.")]


_DATE_OF_PROCESSING: JsonDict = {
    "if": {"required": ["status"], "properties": {"status": {"enum": ["processed", "cancelled"]}}},
    "then": {"required": ["processed_on"], "properties": {"processed_on": {"type": "string"}}},
    "else": {
        "if": {"required": ["status"], "properties": {"status": {"const": "rejected"}}},
        "else": {"properties": {"processed_on": {"type": "null"}}},
    },
}


@with_config(ConfigDict(**STRICT, json_schema_extra=_DATE_OF_PROCESSING))
class ApplicationObject(TypedDict, total=False):
    """One application."""

    number: Required[Annotated[_Number, _doc("The application's number in the Web-registrator.")]]
    type: Annotated[_Kind | None, _doc("Absent or null: connection.")]
    submitted_on: Required[Annotated[_Day, _doc("The day on which the client sent it.")]]
    status: Annotated[_Status | None, _doc("Absent or null: new.")]
    processed_on: Annotated[_Day | None, _doc("Needed with the status processed or cancelled, refused with new.")]
    comment: Annotated[_FreeText | None, _doc("The partner's comment of a rejection or cancellation.")]
    client_comment: Annotated[_ClientComment | None, _doc("The client's comment.")]
    organization: Required[Annotated[OrganizationObject, _doc("The taxpayer.")]]
    multiuser: Annotated[MultiuserObject | None, _doc("The multi-user mode.")]
    owners: Annotated[_Owners | None, _doc("КЭП owners, then invited users.")]
    authorities: Annotated[_Lines | None, _doc("The authorities of the account.")]
    promotion: Annotated[_Promotion | None, _doc("The promotion that the client named.")]
    without_sale: Annotated[_FreeText | None, _doc("The reason why the processing was no sale.")]
    licence: Annotated[
        LicenceObject | None,
        _doc("What its processing made; null: no licence. Without the key, what the rules make of it now."),
    ]
    cancelled_on: Annotated[_Day | None, _doc("The day on which the sale was called off.")]
    source: Annotated[Any, _COMPUTED]
    warnings: Annotated[Any, _COMPUTED]


APPLICATION = TypeAdapter(ApplicationObject)


def application_schema() -> dict[str, Any]:
    """JSON Schema of a file with one application or an array of them; each line of JSON lines is one, too."""
    return schema_of(
        TypeAdapter(ApplicationObject | list[ApplicationObject]),
        "Applications for mureg application import",
        "One application, or an array of them, as mureg application show and list print them with --json. In JSON "
        "lines every line is one application. Import checks what a schema cannot say, too: check digits, that days "
        "exist, that no key is there twice.",
    )
