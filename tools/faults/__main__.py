"""Run one of the programs: `python tools/faults kill_commands --kills 1000 --engine postgres`."""

import importlib
import os
import sys
from pathlib import Path

PROGRAMS = (
    "concurrent_runs", "flip_bits", "fuzz_readers", "hostile_files", "interrupt_commands", "kill_commands",
    "large_months", "reader_work", "sequences", "simulate",
)  # fmt: skip


def main() -> int:
    """Make src, tests and tools importable, here and in the processes that are started, and run the program."""
    if sys.argv[1:2] == [] or sys.argv[1] not in PROGRAMS:
        print(f"usage: python tools/faults {{{','.join(PROGRAMS)}}} [-h]")
        return 2
    project = Path(__file__).parents[2]
    sys.path[:1] = [str(project / name) for name in ("src", "tests", "tools")]
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:3])
    program = importlib.import_module(f"faults.{sys.argv[1]}")
    del sys.argv[0]
    return program.main() or 0


if __name__ == "__main__":
    sys.exit(main())
