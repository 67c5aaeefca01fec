"""The catalogues of messages: collect every text that users read, and compile the translations.

python tools/catalogues.py            add new texts to the .po files, drop unused ones, and compile
python tools/catalogues.py --check    fail if a text is untranslated, or a translation unused
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

SOURCE = Path(__file__).parent.parent / "src" / "mureg"
LANGUAGES = ("ru",)

Key = str | tuple[str, str]


def texts_of(tree: ast.AST) -> Iterator[Key]:
    """The constant first arguments of `msg`, `plural` and `N_`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        constants = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if node.func.id in ("msg", "N_") and constants:
            yield str(constants[0])
        elif node.func.id == "plural" and len(constants) >= 2:
            yield str(constants[0]), str(constants[1])


def texts_of_template(path: Path) -> Iterator[Key]:
    """The constant arguments of `_` in a template of Jinja2."""
    with path.open("rb") as file:
        for _, _, found, _ in babel_extract(file, ("_",), (), {}):
            if found is not None:
                yield str(found)


def collected() -> list[Key]:
    """Every text of the program, each once."""
    templates = sorted(SOURCE.rglob("templates/**/*.html"))
    of_templates = [text for path in templates for text in texts_of_template(path)]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py")))
    return list(dict.fromkeys([*(key for tree in trees for key in texts_of(tree)), *of_templates]))


def po_path(language: str) -> Path:
    """The file of a language's translations."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / "mureg.po"


def translations(language: str) -> Catalog:
    """The translations of a language."""
    path = po_path(language)
    if not path.exists() or not path.read_bytes():
        return Catalog(locale=language, project="mureg", header_comment=f"# mureg: {language}", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """The catalogue with exactly the texts of the program, and their known translations."""
    catalogue = translations(language)
    needed = {key if isinstance(key, str) else key[0]: key for key in collected()}
    for message in list(catalogue):
        first = message.id if isinstance(message.id, str) else message.id[0]
        if first and needed.get(first) != message.id:
            catalogue.delete(first)
    for first, key in needed.items():
        if first not in catalogue:
            catalogue.add(key)
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po file. It does not name the version of Babel: the file would change with it."""
    file = io.BytesIO()
    write_po(file, catalogue, width=120, sort_output=True, no_location=True)
    return b"".join(line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(b'"Generated-By'))


def mo_bytes(catalogue: Catalog) -> bytes:
    """The .mo file, which the program reads."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts without a translation, or with one that lacks a plural form."""
    missing = []
    for message in catalogue:
        forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not all(forms):
            missing.append(str(message.id))
    return missing


def faults(language: str) -> list[str]:
    """What is wrong with a language's file."""
    kept, wanted = translations(language), renewed(language)
    wrong = [f"{language}: untranslated: {text}" for text in untranslated(wanted)]
    known = {message.id for message in kept if message.id}
    needed = {message.id for message in wanted if message.id}
    wrong += [f"{language}: no longer used: {text}" for text in sorted(map(str, known - needed))]
    return wrong


def main() -> int:
    """Write, or check."""
    if sys.argv[1:] == ["--check"]:
        wrong = [fault for language in LANGUAGES for fault in faults(language)]
        print("\n".join(wrong))
        return 1 if wrong else 0
    for language in LANGUAGES:
        catalogue = renewed(language)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(catalogue))
        path.with_suffix(".mo").write_bytes(mo_bytes(translations(language)))
        print(f"{language}: {len(untranslated(catalogue))} untranslated of {len(collected())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
