"""Whether concurrent calls can be put in one order that explains every answer: Wing and Gong's search.

Each call takes effect at one instant between its beginning and its end. One whose answer is not known takes effect at
any instant after its beginning, or never.
"""

from typing import NamedTuple

from faults.register_model import Answer, State, Step


class Call(NamedTuple):
    """A command of one client: when it began and ended, and its answer; `None` where it is not known."""

    client: str
    step: Step
    began: float
    ended: float
    answer: Answer | None


def linear_order(calls: list[Call], start: State) -> list[Call] | None:
    """An order that explains all answers; `None` where there is none."""
    calls = sorted(calls, key=lambda call: call.began)
    known = sum(1 << place for place, call in enumerate(calls) if call.answer is not None)
    order: list[Call] = []
    tried: set[tuple[int, State]] = set()

    def search(done: int, state: State) -> bool:
        if done & known == known:
            return True
        if (done, state) in tried:
            return False
        tried.add((done, state))
        open_calls = [(place, call) for place, call in enumerate(calls) if not done >> place & 1]
        # A call that began after another one had ended comes after it.
        first_end = min(call.ended for _, call in open_calls if call.answer is not None)
        for place, call in open_calls:
            if call.began > first_end:
                break
            answer, after = state.after(call.step)
            if call.answer in (None, answer):
                order.append(call)
                if search(done | 1 << place, after):
                    return True
                order.pop()
        return False

    return order if search(0, start) else None
