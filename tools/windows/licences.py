"""The licences of all that is in the ZIP: a list, and the texts.

A package's own text is in its wheel; so is, for some, the list of the libraries from which it was built.
`licences_of_libraries.txt` has those of libraries that no package names.
"""

import json
import shutil
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

_NAMES = ("LICEN", "COPYING", "NOTICE")
_HEADER = """\
What is in this folder besides mureg, and under which licence. The sources of a package are in the Python Package
Index, under its name and version.

"""


def collect_licences(folder: Path) -> None:
    """Make `licences` in the folder of the bundle, which has `python` and `packages`, all its metadata included."""
    licences = folder / "licences"
    licences.mkdir()
    shutil.copy2(folder / "python" / "LICENSE.txt", licences / "Python.txt")
    shutil.copy2(Path(__file__).with_name("licences_of_libraries.txt"), licences / "libraries.txt")
    lines = ["Python, and in it OpenSSL, SQLite, libffi, bzip2: Python.txt, libraries.txt; https://www.python.org\n"]
    for information in sorted((folder / "packages").glob("*.dist-info")):
        metadata = HeaderParser().parsestr((information / "METADATA").read_text(encoding="utf-8"))
        name = information.name.removesuffix(".dist-info")
        texts = [file for file in information.rglob("*") if file.is_file() and file.name.upper().startswith(_NAMES)]
        for text in texts:
            shutil.copyfile(text, licences / f"{name}-{text.name}")
        libraries = sorted({each for file in information.glob("sboms/*.json") for each in _libraries(file)})
        if libraries:
            (licences / f"{name}-libraries.txt").write_text("".join(libraries), encoding="utf-8", newline="\n")
        lines.append(f"{name}: {_licence(metadata)}\n")
    (licences / "README.txt").write_text(_HEADER + "".join(lines), encoding="utf-8", newline="\n")


def _licence(metadata: Message) -> str:
    named = metadata["License-Expression"] or metadata["License"]
    classified = [
        line.rpartition(":: ")[2] for line in metadata.get_all("Classifier", []) if line.startswith("License ::")
    ]
    return str(named or ", ".join(classified))


def _libraries(file: Path) -> Iterator[str]:
    """Name, version and licence of each part that is named in a list in CycloneDX's format."""
    for part in json.loads(file.read_text(encoding="utf-8")).get("components", []):
        licences = [each.get("expression") or each["license"].get("id", "") for each in part.get("licenses", [])]
        if licences:
            yield f"{part['name']} {part['version']}: {', '.join(licences)}\n"
