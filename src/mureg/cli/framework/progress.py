"""A bar on stderr for what takes longer than a second. Loaded only by commands that can."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from mureg.cli.framework.session import Session

if TYPE_CHECKING:
    from rich.progress import Progress

_AFTER_SECONDS = 1.0


@contextmanager
def progress(session: Session, label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A function that is told how much more was done; the bar is shown where a person looks. `N_` marked the label."""
    if not sys.stderr.isatty() or session.output.wants_json:
        yield lambda more: None
        return
    bar = _Bar(session.language.translate(label), total, no_color=session.output.no_color)
    # A clock of its own: the first step of a work may be the longest.
    clock = Timer(_AFTER_SECONDS, bar.start)
    clock.daemon = True
    clock.start()
    try:
        yield bar.advance
    finally:
        clock.cancel()
        clock.join()
        bar.stop()


class _Bar:
    """What was done so far, and, once it is started, the bar that shows it."""

    def __init__(self, label: str, total: int | None, *, no_color: bool) -> None:
        self._label = label
        self._total = total
        self._no_color = no_color
        self._done = 0
        self._shown: Progress | None = None

    def start(self) -> None:
        # What goes wrong with a bar is nobody's concern; Python would print where, and with what.
        threading.excepthook = lambda wrong: None
        # Rich is slow to load, and nobody waits for a bar within the first second.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        bar = Progress(
            TextColumn(self._label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=Console(file=sys.stderr, no_color=self._no_color), transient=True,
        )  # fmt: skip
        bar.add_task(self._label, total=self._total, completed=self._done)
        bar.start()
        self._shown = bar

    def advance(self, more: int) -> None:
        self._done += more
        if self._shown is not None:
            self._shown.update(self._shown.task_ids[0], completed=self._done)

    def stop(self) -> None:
        if self._shown is not None:
            self._shown.stop()
