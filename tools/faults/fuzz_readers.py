"""Give mutated examples to every reader: `python tools/faults fuzz_readers --examples 50000 --reader all --seed 1`.

Whatever a file holds, a reader gives records or our own errors, whose sentences exist in both languages and can be
shown as they are; it does so within seconds, and in little memory. What fails is written into tests/faults/corpus, and
tests/faults/test_fuzz_readers.py tries it in every run from then on.
"""

import argparse
import base64
import contextlib
import hashlib
import io
import json
import os
import resource
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from faults import mutate_files
from mureg.domain.text import printable
from mureg.errors import MuregError, Rejected, WrongUsage
from mureg.operations.application_import.importer import HowToRead, import_applications
from mureg.readers.applications.certificate import read_subject
from mureg.readers.detect import read_applications
from mureg.readers.statements.statement import read_statement
from mureg.readers.types import Limits, Profile, Source
from mureg.readers.values import unstorable
from mureg.reports.language import Language
from mureg.settings.reading import read_settings
from support.office import ACTOR, TODAY, Office

PROJECT = Path(__file__).parents[2]
CORPUS = PROJECT / "tests" / "faults" / "corpus"
EXAMPLES = PROJECT / "examples"
MOST_SECONDS = 20
MOST_MIB = 250

_LANGUAGES = (Language("en"), Language("ru"))
_LIMITS = (
    *[Limits()] * 8,
    Limits(rows=3),
    Limits(cells=40),
    Limits(fields=20),
    Limits(nesting=3),
    Limits(whole_bytes=500),
)
_COLUMNS = {"number": "Рег. №", "inn": "ИНН клиента"}
_PROFILES: tuple[Profile | None, ...] = (
    *[None] * 10, Profile("p", date_format="%d.%m.%Y"), Profile("p", encoding="cp866"), Profile("p", delimiter=";"),
    Profile("p", sheet="Лист1"), Profile("p", columns=_COLUMNS), Profile("p", encoding="utf-16", delimiter="\t"),
)  # fmt: skip


class Escaped(Exception):
    """Something came out of a reader that must not."""


class Reader(NamedTuple):
    """A reader: valid files for it, how it is run on bytes, and how the structure of its files is changed."""

    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes, Random], str]
    structure: mutate_files.Mutate | None


def _shown(error: MuregError) -> None:
    """Translate every sentence of an error; each must be harmless where it is shown."""
    for language in _LANGUAGES:
        texts = [language.say(error.message), language.say(error.hint) if error.hint else ""]
        texts += [language.say(fault.message) for fault in error.details]
        for text in texts:
            if printable(text.replace("\n", "")) != text.replace("\n", ""):
                raise Escaped(f"raw characters in a sentence: {text!r}")
            if len(text) > 20_000:
                raise Escaped(f"a sentence of {len(text)} characters")
    for fault in error.details:
        json.dumps(fault._asdict(), default=str, ensure_ascii=False).encode()


def _storable(value: Any) -> None:
    """Every text of a record can be stored by both engines."""
    if isinstance(value, str):
        if unstorable(value) is not None:
            raise Escaped(f"a text that cannot be stored: {value!r}")
    elif isinstance(value, tuple | list):
        for each in value:
            _storable(each)


def _applications(name: str) -> Callable[[bytes, Random], str]:
    def run(content: bytes, randomness: Random) -> str:
        profile, limits = randomness.choice(_PROFILES), randomness.choice(_LIMITS)
        faults = 0
        try:
            reading = read_applications(Source(name, io.BytesIO(content)), profile=profile, limits=limits)
            for batch in reading.batches():
                _storable([tuple(request) for request in batch.requests])
                _storable([(tuple(record.request), tuple(map(tuple, record.owners)), tuple(record.partner))
                           for record in batch.records])  # fmt: skip
                faults += len(batch.faults)
                if batch.faults:
                    _shown(Rejected(batch.faults[0].message, None, batch.faults))
        except (Rejected, WrongUsage) as error:
            _shown(error)
            return "rejected"
        return "faults" if faults else "read"

    return run


def _imported(content: bytes, randomness: Random) -> str:
    """A dry run of the whole import into a register that holds the examples; it must not write."""
    office = _office()
    before = list(office.register.history.records())
    result = import_applications(
        office.register,
        [Source("ZV-1042.xml", io.BytesIO(content))],
        HowToRead(profile=randomness.choice(_PROFILES), limits=randomness.choice(_LIMITS)),
        actor=ACTOR, today=TODAY, term_months=12, partial=True, dry_run=True,
    )  # fmt: skip
    if list(office.register.history.records()) != before:
        raise Escaped("a dry run wrote")
    imported = result.done
    if imported.faults:
        _shown(Rejected(imported.faults[0].message, None, imported.faults))
    return "read" if imported.added or imported.changed else "faults" if imported.skipped else "rejected"


@cache
def _office() -> Office:
    office = Office()
    for path in sorted((EXAMPLES / "applications").iterdir()):
        with path.open("rb") as stream:
            import_applications(
                office.register, [Source(path.name, stream)], HowToRead(), actor=ACTOR, today=TODAY, term_months=12
            )
    assert sum(1 for _ in office.register.history.records()) >= 8
    return office


def _statement(content: bytes, randomness: Random) -> str:
    profile, limits = randomness.choice(_PROFILES), randomness.choice(_LIMITS)
    if profile is not None:
        profile = profile._replace(kind="statement")
    try:
        statement = read_statement(Source("s.csv", io.BytesIO(content)), profile=profile, limits=limits)
    except (Rejected, WrongUsage) as error:
        _shown(error)
        return "rejected"
    _storable([tuple(row) for row in statement.rows])
    return "read"


def _settings(content: bytes, _: Random) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mureg.toml"
        file.write_bytes(content)
        try:
            read_settings(file)
        except Rejected as error:
            _shown(error)
            return "rejected"
    return "read"


def _certificate(content: bytes, _: Random) -> str:
    subject = read_subject(base64.b64encode(content).decode())
    if subject is None:
        return "rejected"
    _storable(tuple(subject))
    return "read"


def _files(*names: str) -> Callable[[], list[bytes]]:
    return lambda: [path.read_bytes() for name in names for path in sorted(EXAMPLES.glob(name))]


def _statement_json() -> list[bytes]:
    row = {"number": "ZV-1", "inn": "7700123459", "tier": "2-9", "payable": "1800.00", "discount_rate": "40%"}
    return [json.dumps(document).encode() for document in ([row, row], {"rows": [row], "total": "1800.00"})]


def _statement_workbook() -> list[bytes]:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 1, ("Номер", "ИНН", "Вид расширения", "Дата", "Цена", "Скидка %", "Скидка", "К оплате"))
        for place in range(3):
            sheet.write_row(2 + place, 1, (f"ZV-{place}", 7700123459, "от 2 до 9", 45145, 3000, 0.4, 1200, 1800))
        sheet.merge_range(5, 2, 6, 2, 7700123459)
        for place in (5, 6):
            sheet.write(place, 1, f"ZV-{place}")
            sheet.write(place, 8, 1800)
        sheet.write_row(7, 1, ("Итого", "", "", "", "", "", "", 9000))
    return [content.getvalue()]


def _certificates() -> list[bytes]:
    from support.certificates import IVANOVA, certificate

    return [base64.b64decode(certificate(IVANOVA))]


READERS = {
    "csv": Reader(_files("applications/*.csv", "faults/*.csv"), _applications("a.csv"), mutate_files.of_csv),
    "xlsx": Reader(_files("applications/*.xlsx"), _applications("a.xlsx"), mutate_files.of_zip),
    "xml": Reader(_files("applications/*.xml", "faults/*.xml"), _applications("a.xml"), mutate_files.of_xml),
    "json": Reader(_files("applications/*.json"), _applications("a.json"), mutate_files.of_json),
    "jsonl": Reader(_files("applications/*.jsonl"), _applications("a.jsonl"), mutate_files.of_json),
    "import": Reader(_files("applications/*"), _imported, mutate_files.of_any),
    "statement-csv": Reader(_files("statement/*.csv"), _statement, mutate_files.of_csv),
    "statement-xlsx": Reader(_statement_workbook, _statement, mutate_files.of_zip),
    "statement-json": Reader(_statement_json, _statement, mutate_files.of_json),
    "certificate": Reader(_certificates, _certificate, None),
    "toml": Reader(_files("contract/*.toml"), _settings, mutate_files.of_toml),
}


@contextlib.contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raise `Escaped` where it takes longer."""

    def late(*_: object) -> None:
        raise Escaped(f"it took more than {seconds} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def try_one(reader: Reader, content: bytes, randomness: Random) -> str:
    """Give bytes to a reader: how it ended. Any other exception passes through."""
    with _within(MOST_SECONDS):
        return reader.run(content, randomness)


def fuzz(
    name: str, examples: int, seed: int, found: Callable[[bytes, BaseException], None], last: Path | None = None
) -> Counter[str]:
    """Try so many mutated examples; gives how many ended how, and `found` what escaped.

    `last` holds the one that is being tried: where the whole process dies, it is the one to look at.
    """
    reader = READERS[name]
    seeds = reader.seeds()
    ends: Counter[str] = Counter()
    for number in range(examples):
        randomness = Random(f"{name} {seed} {number}")  # noqa: S311
        content = mutate_files.mutated(randomness.choice(seeds), reader.structure, seeds, randomness)
        state = randomness.getstate()
        if last is not None:
            last.write_bytes(content)
        try:
            ends[try_one(reader, content, randomness)] += 1
        except (Exception, RecursionError) as error:  # noqa: BLE001  that is what is looked for
            ends["escaped"] += 1
            randomness.setstate(state)
            found(content, error)
    return ends


def _keep(name: str) -> Callable[[bytes, BaseException], None]:
    met: set[str] = set()

    def keep(content: bytes, error: BaseException) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} at {last.filename}:{last.lineno}"
        if place in met:
            return
        met.add(place)
        CORPUS.mkdir(exist_ok=True)
        path = CORPUS / f"{name}-{hashlib.sha256(content).hexdigest()[:8]}"
        path.write_bytes(content)
        print(f"  {path.name}: {place}: {str(error)[:200]}", flush=True)

    return keep


def main() -> int:
    """Try, print the counts, and keep what escaped."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--examples", type=int, default=50_000, help="of each reader")
    parser.add_argument("--reader", choices=(*READERS, "all"), default="all")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("PYTHONHASHSEED", "0")
    bad = 0
    for name in READERS if options.reader == "all" else (options.reader,):
        started = time.monotonic()
        CORPUS.mkdir(exist_ok=True)
        last = CORPUS / f"{name}-died"
        ends = fuzz(name, options.examples, options.seed, _keep(name), last)
        last.unlink()
        counts = ", ".join(f"{end} {count}" for end, count in sorted(ends.items()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bad += ends["escaped"] + (peak > MOST_MIB)
        print(
            f"{name}: {ends.total()} examples, {counts}; {time.monotonic() - started:.0f} s, {peak:.0f} MiB", flush=True
        )
    return 1 if bad else 0
