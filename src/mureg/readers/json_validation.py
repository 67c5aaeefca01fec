"""What the models of our JSON share, an application's and a statement's.

pydantic checks the keys and the types of values, strictly. Texts are parsed by our own parsers, which the models name
as validators; messages for people are beside the types.
The models are typed dictionaries: they are made faster than instances of classes, and a million of them are read.
"""

import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple, cast

# pydantic would search every installed package for plugins.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")

from pydantic import ConfigDict, GetCoreSchemaHandler, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError, core_schema

from mureg.errors import Message
from mureg.readers.json_stream import check_bounds
from mureg.readers.types import Limits

STRICT = ConfigDict(extra="forbid", strict=True)
"""For every model. Validators find the `Limits` in `info.context`."""

_WRONG, _EXPLAINED = "mureg_wrong", "mureg_explained"
_KEY_END = re.compile(r'"[ \t\r\n]*:')

# How texts look that the tables' parsers take, for JSON Schema: see `fields.whole_text`.
_SPACES = "[ \u00a0\u202f]*"


def _digits(least: int, most: int) -> str:
    return rf'="[0-9]{{{least},{most}}}"|[0-9]({_SPACES}[0-9]){{{least - 1},{most - 1}}}{_SPACES}([.,]0+)?'


INN_PATTERN = _digits(9, 12)
KPP_PATTERN = _digits(8, 9) + "|[0-9]{4}[0-9A-Z]{2}[0-9]{3}"
OGRN_PATTERN = _digits(12, 15)


class Wrong(NamedTuple):
    """What is wrong with a value, and the text that shows it where that is not the value itself."""

    message: Message
    text: str | None = None


_EXPLANATIONS: list[Wrong] = []


def wrong(message: Message, text: str | None = None) -> PydanticCustomError:
    """The error that a validator raises."""
    return PydanticCustomError(_WRONG, "wrong", {"wrong": Wrong(message, text)})


class Explained:
    """Beside a type: the message for anything that is wrong with a value of that type."""

    def __init__(self, message: Message) -> None:
        # The schema takes plain values only.
        self._number = len(_EXPLANATIONS)
        _EXPLANATIONS.append(Wrong(message))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        context = {"explanation": self._number}
        return core_schema.custom_error_schema(
            handler(source), custom_error_type=_EXPLAINED, custom_error_message="wrong", custom_error_context=context
        )


def wrong_of(error: ErrorDetails) -> Wrong | None:
    """The error of a validator or of `Explained`; `None` for an error of pydantic's own: a missing key, no object."""
    if error["type"] == _WRONG:
        return cast("Wrong", error["ctx"]["wrong"])
    return _EXPLANATIONS[error["ctx"]["explanation"]] if error["type"] == _EXPLAINED else None


def quick_reader(model: TypeAdapter[Any], limits: Limits, count_pairs: Callable[[Any], int]) -> Callable[[str], Any]:
    """A function that parses and validates the text of an object in one step, for texts that are certainly right.

    It gives `None` for all others: pydantic's parser drops a repeated key, and its errors do not know the
    object as it was written. `count_pairs` counts the pairs of key and value of an object, or fewer than there are:
    the text must have as many.
    """
    validate = model.validator.validate_json

    def read(text: str) -> Any:
        try:
            check_bounds(text, limits)
            found = validate(text, context=limits)
        except ValueError:
            return None
        pairs = count_pairs(found)
        # A colon that is part of a text is the rarer case.
        return found if pairs == text.count(":") or pairs == len(_KEY_END.findall(text)) else None

    return read


def schema_of(shapes: TypeAdapter[Any], title: str, description: str) -> dict[str, Any]:
    """JSON Schema, draft 2020-12, of a file."""
    printed = shapes.json_schema(schema_generator=_Printer)
    return {"$schema": _Printer.schema_dialect, "title": title, "description": description, **printed}


class _Printer(GenerateJsonSchema):
    """Leaves out titles, which would only repeat the keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False
