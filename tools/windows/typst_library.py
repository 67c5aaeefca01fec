"""typst's library, which the ZIP holds compressed: it is unpacked when the first PDF is made.

In the ZIP this is a module of the package `typst`.
"""

import lzma
import os
import shutil
from contextlib import suppress
from pathlib import Path

PACKED, UNPACKED = "_typst.pyd.xz", "_typst.pyd"


def unpacked(package: Path) -> str:
    """The folder with the library. Raises `ImportError` where no folder can be written."""
    packed = package / PACKED
    # The user's own folder is for a mureg in a folder where the user may not write.
    users = Path(os.environ.get("LOCALAPPDATA", package), "mureg", f"typst-{packed.stat().st_size}")
    for folder in (package, users):
        if not (folder / UNPACKED).exists():
            _unpack(packed, folder)
        if (folder / UNPACKED).exists():
            return str(folder)
    raise ImportError(f"{PACKED} cannot be unpacked")


def _unpack(packed: Path, folder: Path) -> None:
    """Unpack it, completely or not at all. Another process may do so at the same time."""
    temporary = folder / f"_typst-{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with lzma.open(packed) as source, temporary.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        temporary.replace(folder / UNPACKED)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
