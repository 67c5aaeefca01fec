"""The elements of an XML file, read without trusting it: no DTD, no entities, no more than `[limits]` allows."""

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from mureg.errors import msg
from mureg.readers.errors import rejected, too_deep, too_large_to_hold, too_many_fields
from mureg.readers.types import Limits, Source

_BLOCK_BYTES = 1 << 16
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Python has more codecs, and some of them do not decode text.
_ENCODINGS = frozenset((
    "utf-8", "utf8", "utf-16", "us-ascii", "windows-1251", "cp1251", "ibm866", "cp866", "koi8-r", "iso-8859-1",
    "iso-8859-5",
))  # fmt: skip


def read_tree(source: Source, limits: Limits) -> tuple[str, Element]:
    """The encoding and the root element. Raises `Rejected`."""
    stream = source.stream
    head = stream.read(400)
    if stream.seek(0, 2) > limits.whole_bytes:
        raise too_large_to_hold(source.name, limits)
    stream.seek(0)
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].decode().lower() not in _ENCODINGS:
        raise rejected(source.name, msg("the XML is in an encoding that cannot be read"))
    parser = ElementTree.XMLParser(target=_LimitedBuilder(source.name, limits), forbid_dtd=True)
    try:
        attributes = 0
        while block := stream.read(_BLOCK_BYTES):
            # The parser holds an element until it has all of its attributes.
            attributes += block.count(b"=")
            if attributes > limits.fields:
                raise too_many_fields(source.name, limits)
            parser.feed(block)
        root: Element = parser.close()
    except DefusedXmlException:
        raise rejected(
            source.name,
            msg("the XML has a DTD or entities, which an application cannot have; it was not read"),
            msg("send the file as 1C wrote it"),
        ) from None
    except ParseError as error:
        line, position = error.position
        raise rejected(
            source.name,
            msg("the XML is damaged at line {line}, position {position}", line=line, position=position),
            msg("send the file as 1C wrote it"),
        ) from None
    except (ValueError, LookupError, AssertionError):
        raise rejected(source.name, msg("the XML is in an encoding that cannot be read")) from None
    return _encoding(head), root


class _LimitedBuilder:
    """Builds the tree, and stops where it grows larger or deeper than `[limits]` allows."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._builder = TreeBuilder()
        self.data, self.close = self._builder.data, self._builder.close
        self._file = file
        self._limits = limits
        self._depth = self._fields = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._fields += 1 + len(attributes)
        if self._depth > self._limits.nesting:
            raise rejected(self._file, too_deep(self._limits), msg("send the file as 1C wrote it"))
        if self._fields > self._limits.fields:
            raise too_many_fields(self._file, self._limits)
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        return "utf-16"
    match = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    name = match[1].decode().lower() if match else "utf-8"
    return {"windows-1251": "cp1251", "utf8": "utf-8", "ibm866": "cp866"}.get(name, name)
