"""A progress bar on stderr for what takes longer than a second."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from mureg.cli.framework.session import Session
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    import rich.console as rich_console
    import rich.progress as rich_progress

_AFTER_SECONDS = 1.0


@contextmanager
def progress(session: Session, label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A function that takes how much more was done; the bar is shown on a terminal. `N_` marked the label."""
    if not sys.stderr.isatty() or session.output.wants_json:
        yield lambda more: None
        return
    bar = _Bar(session.language.translate(label), total, no_color=session.output.no_color)
    # A timer, because the first step may be the longest.
    timer = Timer(_AFTER_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


class _Bar:
    """How much was done so far, and, once it is started, the bar that shows it."""

    def __init__(self, label: str, total: int | None, *, no_color: bool) -> None:
        self._label = label
        self._total = total
        self._no_color = no_color
        self._done = 0
        self._shown: rich_progress.Progress | None = None

    def start(self) -> None:
        # An error of the bar does not matter; Python would print a traceback.
        threading.excepthook = lambda error: None
        rich = rich_progress
        bar = rich.Progress(
            rich.TextColumn(self._label), rich.BarColumn(), rich.MofNCompleteColumn(), rich.TimeElapsedColumn(),
            console=rich_console.Console(file=sys.stderr, no_color=self._no_color), transient=True,
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
