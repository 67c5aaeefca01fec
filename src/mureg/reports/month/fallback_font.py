"""A font with a box for each of some characters: the last resort for what neither typst's fonts nor the machine's have.

Where no font has a character, typst draws the first font's empty glyph, and its text is lost from the PDF. Here each
character has a glyph of its own, so that it can be searched for and copied, though a reader sees a box.
"""

from collections.abc import Collection
from struct import pack

# typst looks for a font as much like the text's as possible: no serifs, one width and a long name make this the last.
FAMILY = "The last resort for characters that no other font has"

_EM = 1000
_ADVANCE = 700
# Two rectangles, one inside the other, as the differences between their corners.
_CORNERS = (
    (60, 0), (0, 700), (580, 0), (0, -700),
    (-540, 40), (500, 0), (0, 620), (-500, 0),
)  # fmt: skip
_BOUNDS = (60, 0, 640, 700)


def fallback_font(characters: Collection[str]) -> bytes:
    """A TrueType font of these characters; of more than 65,534 the rest is left out."""
    codes = sorted(map(ord, characters))[:65_534]
    glyphs = len(codes) + 1
    box = _box()
    tables = {
        b"cmap": _cmap(codes),
        b"glyf": box * glyphs,
        # The last number but one: `loca` has 32 bits for an offset.
        b"head": pack(">4I2H2q4h2H3h", 0x10000, 0, 0, 0x5F0F3CF5, 0, _EM, 0, 0, *_BOUNDS, 0, 8, 2, 1, 0),
        b"hhea": pack(">I3hH11hH", 0x10000, 800, -200, 0, _ADVANCE, *(0,) * 11, 1),
        b"hmtx": pack(">Hh", _ADVANCE, _BOUNDS[0]) + pack(">h", _BOUNDS[0]) * len(codes),
        b"loca": pack(f">{glyphs + 1}I", *range(0, len(box) * (glyphs + 1), len(box))),
        b"maxp": pack(">I14H", 0x10000, glyphs, len(_CORNERS), 2, *(0,) * 2, 2, *(0,) * 8),
        b"name": _name(),
        # 1: every character has the same width.
        b"post": pack(">2I2hI4I", 0x30000, 0, 0, 0, 1, *(0,) * 4),
    }
    offset = 12 + 16 * len(tables)
    directory = pack(">I4H", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128)
    content = b""
    for tag, table in sorted(tables.items()):
        # The zero is a checksum, which typst does not read.
        directory += pack(">4s3I", tag, 0, offset + len(content), len(table))
        content += table + bytes(-len(table) % 4)
    return directory + content


def _box() -> bytes:
    across, up = zip(*_CORNERS, strict=True)
    points = pack(f">{len(_CORNERS)}B", *(1,) * len(_CORNERS)) + pack(f">{2 * len(_CORNERS)}h", *across, *up)
    box = pack(">5h3H", 2, *_BOUNDS, 3, 7, 0) + points
    return box + bytes(-len(box) % 4)


def _cmap(codes: Collection[int]) -> bytes:
    """Each character's glyph, from the first after the empty one."""
    groups = b"".join(pack(">3I", code, code, glyph) for glyph, code in enumerate(codes, start=1))
    return pack(">4HI2H3I", 0, 1, 3, 10, 12, 12, 0, 16 + len(groups), 0, len(codes)) + groups


def _name() -> bytes:
    """The family, the style, the full name, and the name in PostScript, as Windows reads them."""
    texts = {1: FAMILY, 2: "Regular", 4: FAMILY, 6: "LastResort"}
    records = strings = b""
    for number, text in texts.items():
        string = text.encode("utf-16-be")
        records += pack(">6H", 3, 1, 0x409, number, len(string), len(strings))
        strings += string
    return pack(">3H", 0, len(texts), 6 + len(records)) + records + strings
