"""What takes longer than a request: done one after the other in a thread, found again by the session that began it."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Literal

from mureg.errors import MuregError, NotFound, Refused, msg
from mureg.web.sessions import Session

# Of each session so many jobs that have ended are kept, with the files that they hold.
_KEPT = 5
# A job that has ended by then needs no page of its progress.
_SHORT_SECONDS = 0.3


class _Cancelled(Exception):
    pass


class Job:
    """Something under way for a session. `about` is what it works on, closed when the job is forgotten."""

    def __init__(self, session: Session, about: Any) -> None:
        self.key = secrets.token_urlsafe(9)
        self.session = session
        self.about = about
        self.rows = 0
        self.state: Literal["under way", "done", "failed", "cancelled"] = "under way"
        self.error: MuregError | None = None
        self.is_cancelled = False
        self.ended = Event()

    def cancel(self) -> None:
        """End it at its next step. What has ended by then is as it is."""
        self.is_cancelled = True

    def advance(self, rows: int) -> None:
        """Count what was read. Ends a job that was cancelled: its transaction is rolled back."""
        if self.is_cancelled:
            raise _Cancelled
        self.rows += rows


class Jobs:
    """The jobs of one office. Thread-safe."""

    def __init__(self, report: Callable[[Exception], MuregError]) -> None:
        self._report = report
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()
        self._queue: SimpleQueue[tuple[Job, Callable[[Job], None]]] = SimpleQueue()
        self._thread: Thread | None = None

    def start(self, session: Session, about: Any, act: Callable[[Job], None]) -> Job:
        """Do it when the jobs before it have ended."""
        job = Job(session, about)
        with self._lock:
            self._jobs[job.key] = job
            if self._thread is None:
                # A daemon: the end of the process does not wait for it, and its transaction is rolled back.
                self._thread = Thread(target=self._run, daemon=True)
                self._thread.start()
        for old in [each for each in self.of(session) if each.state != "under way"][_KEPT:]:
            self.forget(old)
        self._put(job, act)
        return job

    def go_on(self, job: Job, act: Callable[[Job], None]) -> None:
        """Do more about the same. Raises `Refused` where it is under way."""
        with self._lock:
            self._require_ended(job)
            job.state, job.rows, job.error, job.is_cancelled = "under way", 0, None, False
            job.ended.clear()
        self._put(job, act)

    def _require_ended(self, job: Job) -> None:
        if job.state == "under way":
            raise Refused(msg("this import is under way"), msg("wait until it has ended, or cancel it"))

    def _put(self, job: Job, act: Callable[[Job], None]) -> None:
        self._queue.put((job, act))
        job.ended.wait(_SHORT_SECONDS)

    def find(self, session: Session, key: str) -> Job:
        """A job of this session. Raises `NotFound`."""
        job = self._jobs.get(key)
        if job is None or job.session is not session:
            raise NotFound(msg("there is no such import any more"), msg("choose the files again"))
        return job

    def of(self, session: Session) -> list[Job]:
        """The jobs of a session, the newest first."""
        with self._lock:
            return [job for job in reversed(self._jobs.values()) if job.session is session]

    def forget(self, job: Job) -> None:
        """Remove one that has ended, with what it holds. Raises `Refused` where it is under way."""
        with self._lock:
            self._require_ended(job)
            self._jobs.pop(job.key, None)
        job.about.close()

    def _run(self) -> None:
        while True:
            job, act = self._queue.get()
            try:
                job.advance(0)
                act(job)
                job.state = "done"
            except _Cancelled:
                job.state = "cancelled"
            except Exception as error:  # noqa: BLE001  the boundary: the page of the job shows it
                job.error = error if isinstance(error, MuregError) else self._report(error)
                job.state = "failed"
            job.ended.set()
