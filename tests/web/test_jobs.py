"""What takes longer than a request."""

import threading

import pytest

from mureg.errors import MuregError, NotFound, Refused, msg
from mureg.web.jobs import Job, Jobs
from mureg.web.sessions import Session

SESSION = Session()


class Held:
    """What a job is about."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Steps:
    """A job that waits between its steps."""

    def __init__(self) -> None:
        self.reached, self.may_go = threading.Event(), threading.Event()

    def __call__(self, job: Job) -> None:
        job.advance(1)
        self.reached.set()
        assert self.may_go.wait(30)
        job.advance(1)


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(lambda error: MuregError(msg("x")))


def ended(job: Job) -> Job:
    """The job when it has ended."""
    assert job.ended.wait(30)
    return job


def test_jobs_are_done_one_after_the_other_and_found_by_their_keys(jobs: Jobs) -> None:
    done: list[int] = []
    started = [jobs.start(SESSION, Held(), lambda job, each=each: done.append(each)) for each in range(5)]  # type: ignore[misc]
    ended(started[-1])
    assert done == [0, 1, 2, 3, 4]
    assert jobs.find(SESSION, started[3].key) is started[3]
    assert jobs.of(SESSION) == started[::-1]
    with pytest.raises(NotFound):
        jobs.find(SESSION, "x")


def test_a_session_finds_its_own_jobs_only(jobs: Jobs) -> None:
    job = jobs.start(SESSION, Held(), lambda job: None)
    assert jobs.of(Session()) == []
    with pytest.raises(NotFound):
        jobs.find(Session(), job.key)


def test_a_cancelled_job_ends_at_its_next_step_and_can_be_done_again(jobs: Jobs) -> None:
    steps = Steps()
    job = jobs.start(SESSION, Held(), steps)
    assert steps.reached.wait(30)
    with pytest.raises(Refused):
        jobs.go_on(job, steps)
    with pytest.raises(Refused):
        jobs.forget(job)
    job.cancel()
    steps.may_go.set()
    assert (ended(job).state, job.rows) == ("cancelled", 1)
    jobs.go_on(job, steps)
    assert (ended(job).state, job.rows) == ("done", 2)


def test_a_job_that_was_cancelled_too_late_is_done(jobs: Jobs) -> None:
    job = ended(jobs.start(SESSION, Held(), lambda job: job.advance(1)))
    job.cancel()
    assert job.state == "done"


def test_an_error_is_kept_for_the_page(jobs: Jobs) -> None:
    job = ended(jobs.start(SESSION, Held(), lambda job: job.advance(1 // 0)))
    assert job.state == "failed"
    assert job.error is not None


def test_old_jobs_of_a_session_are_forgotten_with_what_they_hold(jobs: Jobs) -> None:
    other = Session()
    held, kept = Held(), Held()
    first = ended(jobs.start(SESSION, held, lambda job: None))
    others = ended(jobs.start(other, kept, lambda job: None))
    for _ in range(6):
        ended(jobs.start(SESSION, Held(), lambda job: None))
    assert held.is_closed
    with pytest.raises(NotFound):
        jobs.find(SESSION, first.key)
    assert jobs.find(other, others.key)
    assert not kept.is_closed
