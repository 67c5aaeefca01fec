"""A month of no charge and one of some thousands, through every command; tools/faults/large_months.py takes 100,000."""

from pathlib import Path

import pytest
from faults.large_months import large_month


@pytest.mark.parametrize("charges", [0, 2_500])
def test_a_month_of_any_size_is_settled_closed_printed_and_paid(tmp_path: Path, charges: int) -> None:
    office = large_month(tmp_path, charges)
    assert len(office.costs) >= 12
    assert max(ended.peak_mib for _, ended in office.costs) < 250
