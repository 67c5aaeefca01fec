"""Tries random sequences of every operation, judged by the oracle of `tests/oracle` after each step.

`python tools/faults sequences --count 10000`. A failure is printed as the shortest sequence of commands that has it.
"""

import argparse
import time

from oracle.running import Failure, search


def main() -> int:
    """Try, print the failures, and count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    started = time.monotonic()

    def report(seed: int, failure: Failure) -> None:
        print(f"seed {seed}\n{failure}\n", flush=True)

    failed = search(range(options.seed, options.seed + options.count), report, options.engine)
    print(f"{options.count} sequences, {failed} failed; {time.monotonic() - started:.0f} s")
    return 1 if failed else 0
