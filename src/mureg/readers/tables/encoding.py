"""The encoding of a text file: recognised without guessing languages, and read without stopping at a bad byte.

Order: BOM, then UTF-8 that holds for the whole file, then cp1251 against cp866 by Russian letters. Detector libraries
do not do: they take short Russian files for Chinese.
"""

import codecs
import io
import re
from contextlib import suppress
from typing import BinaryIO

from mureg.errors import msg
from mureg.readers.errors import rejected

ENCODINGS = ("utf-8", "utf-16", "cp1251", "cp866")

_BLOCK_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 14
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ASCII = bytes(range(0x80))
_ODD = re.compile("[^0-9A-Za-zА-Яа-яЁё«»№–—\u00a0\\s!-/:-@\\[-`{-~]")
# From the most frequent Russian letter to the rarest: the more frequent ones decide where both encodings give letters.
_LETTERS_BY_FREQUENCY = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
# Four Russian letters in UTF-8: no word looks like this in cp1251 or cp866. Each byte is translated to its kind first:
# that is twenty times as fast as a regular expression.
_KINDS = bytes(ord("f" if byte in {0xD0, 0xD1} else "s" if 0x80 <= byte <= 0xBF else ".") for byte in range(256))
_UTF8_WORD = b"fs" * 4
_WEIGHTS = {letter: 40 - place for place, letter in enumerate(_LETTERS_BY_FREQUENCY)}
_WEIGHTS |= {letter.upper(): weight // 3 for letter, weight in _WEIGHTS.items()}
_ODD_WEIGHT = -60
# Damaged UTF-8 decodes to Russian letters with few gaps; cp1251 decoded as UTF-8 is all gaps.
_LETTERS_PER_GAP = 5


def recognise_encoding(file: str, stream: BinaryIO, fixed: str = "") -> str:
    """One of `ENCODINGS`. `fixed` is the profile's encoding. The stream ends at its beginning again.

    Raises `Rejected` for any other fixed encoding.
    """
    if fixed:
        return _named(file, fixed)
    stream.seek(0)
    head = stream.read(3)
    if head.startswith(_UTF16_MARKS):
        encoding = "utf-16"
    elif head == codecs.BOM_UTF8:
        encoding = "utf-8"
    else:
        sample = _sample_unless_utf8(stream)
        encoding = "utf-8" if sample is None else _eight_bit(sample)
        if encoding != "utf-8":
            _refuse_utf8_inside(file, stream)
    stream.seek(0)
    return encoding


def open_text(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The stream as text, line ends kept. A byte that is no text comes as a lone surrogate, which parsers refuse.

    Call `detach` afterwards: otherwise the stream is closed too.
    """
    stream.seek(0)
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    if encoding == "utf-16" and not stream.read(2).startswith(_UTF16_MARKS):
        # Named in a profile, and without a byte order mark: little-endian, as on Windows.
        codec = "utf-16-le"
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding=codec, errors="mureg.undecodable", newline="")


def _undecodable(error: UnicodeError) -> tuple[str, int]:
    # Like surrogateescape, which does not work with UTF-16.
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("mureg.undecodable", _undecodable)


def _named(file: str, name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = name
    encoding = {"utf-8-sig": "utf-8"}.get(known, known)
    if encoding not in ENCODINGS:
        raise rejected(
            file,
            msg("the profile's encoding is not supported: {encoding}", encoding=name),
            msg("mureg reads {encodings}", encodings=", ".join(ENCODINGS)),
        )
    return encoding


def _sample_unless_utf8(stream: BinaryIO) -> bytes | None:
    """Where the file is not UTF-8, its bytes from the first one that is not ASCII; else `None`.

    The whole file is looked at: the first Russian letter may come late.
    """
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    first = None
    position = 0
    try:
        while block := stream.read(_BLOCK_BYTES):
            if first is None and not block.isascii():
                first = position + len(block) - len(block.lstrip(_ASCII))
            if first is not None:
                decoder.decode(block)
            position += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        assert first is not None
        stream.seek(first)
        return stream.read(_SAMPLE_BYTES)
    return None


def _refuse_utf8_inside(file: str, stream: BinaryIO) -> None:
    """Raise `Rejected` where a part of an eight-bit text is UTF-8: names would be read wrongly."""
    stream.seek(0)
    rows = 1
    while block := stream.read(_BLOCK_BYTES):
        place = block.translate(_KINDS).find(_UTF8_WORD)
        if place >= 0:
            row = rows + block.count(b"\n", 0, place)
            raise rejected(
                file, msg("the file is partly UTF-8 and partly not"), msg("save the whole file as UTF-8"), row=row
            )
        rows += block.count(b"\n")


def _eight_bit(sample: bytes) -> str:
    with suppress(UnicodeDecodeError):
        # Some programs write rare characters as surrogate pairs (CESU-8); the rest is UTF-8.
        codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(sample)
        return "utf-8"
    as_utf8 = sample.decode("utf-8", "replace")
    letters = sum(1 for character in as_utf8 if character in _WEIGHTS)
    if letters > _LETTERS_PER_GAP * as_utf8.count("\ufffd"):
        return "utf-8"
    return max(("cp1251", "cp866"), key=lambda encoding: _russian(sample, encoding))


def _russian(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, "replace")
    return sum(_WEIGHTS.get(character, 0) for character in text) + _ODD_WEIGHT * len(_ODD.findall(text))
