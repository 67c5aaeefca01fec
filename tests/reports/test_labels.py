"""Labels of the register's values, and of what was done."""

import inspect
import re
from pathlib import Path

import mureg
from mureg.domain import warnings
from mureg.reports.labels import OPERATION, WARNING


def test_every_warning_has_a_label() -> None:
    codes = re.findall(r'ApplicationWarning\(\s*"([a-z_]+)"', inspect.getsource(warnings))
    assert set(WARNING) == set(codes)
    assert len(codes) >= 18


def test_every_operation_of_the_page_has_a_name_in_words() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (Path(mureg.__file__).parent / "web").rglob("*.py"))
    commands = set(re.findall(r'actor\("([a-z -]+)"\)', sources))
    assert {"application process", "reconcile", "undo"} <= commands
    assert commands <= OPERATION.keys()
