"""Labels of the register's values."""

import inspect
import re

from mureg.domain import warnings
from mureg.reports.labels import WARNING


def test_every_warning_has_a_label() -> None:
    codes = re.findall(r'ApplicationWarning\(\s*"([a-z_]+)"', inspect.getsource(warnings))
    assert set(WARNING) == set(codes)
    assert len(codes) >= 18
