"""Encodings are recognised by Russian letters."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.readers.tables.encoding import recognise_encoding

_TEXTS = [
    "Номер;Дата;ИНН", "НОМЕР;ДАТА;ИНН", "ООО «Ромашка» № 5", "ИП Ёлкина", "заявление на подключение",
    "ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ", "Щука и Ёж", "эхо",
]  # fmt: skip


@pytest.mark.parametrize("text", _TEXTS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1251", "cp866"])
def test_short_russian_texts_are_recognised(text: str, codec: str) -> None:
    if codec == "cp866":
        text = text.replace("«", '"').replace("»", '"')
    assert recognise_encoding("a.csv", io.BytesIO(text.encode(codec))) == codec


@given(st.text("абвгдежзиклмнопрстуя АБВ;0123", min_size=1))
def test_utf8_is_always_recognised(text: str) -> None:
    assert recognise_encoding("a.csv", io.BytesIO(text.encode())) == "utf-8"


@given(st.binary())
def test_any_bytes_have_an_encoding(content: bytes) -> None:
    assert recognise_encoding("a.csv", io.BytesIO(content)) in ("utf-8", "utf-16", "cp1251", "cp866")
