"""As many as possible, and of these assignments the cheapest: as trying every one says."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.reconciliation.assignment import assign

COSTS = st.lists(st.dictionaries(st.integers(0, 3), st.integers(0, 9), max_size=4), max_size=4)
COUNTS = st.lists(st.integers(1, 2), min_size=4, max_size=4)


def best(supplies: list[int], demands: list[int], costs: list[dict[int, int]]) -> tuple[int, int]:
    """How many are assigned, and at what cost in all, by trying every order of the demanding members."""
    members = [source for source, count in enumerate(supplies[: len(costs)]) for _ in range(count)]
    places: list[int | None] = [target for target, count in enumerate(demands) for _ in range(count)]
    places += [None] * len(members)
    found = []
    for order in set(permutations(places, len(members))):
        taken = [(source, target) for source, target in zip(members, order, strict=True) if target in costs[source]]
        found.append((-len(taken), sum(costs[source][target] for source, target in taken if target is not None)))
    count, cost = min(found, default=(0, 0))
    return -count, cost


@given(COSTS.filter(lambda costs: len(costs) <= 2), COUNTS, COUNTS.map(lambda counts: counts[:3]))
def test_of_all_assignments_it_is_the_largest_and_then_the_cheapest(
    costs: list[dict[int, int]], supplies: list[int], demands: list[int]
) -> None:
    costs = [{target: cost for target, cost in some.items() if target < len(demands)} for some in costs]
    flows = assign(supplies[: len(costs)], demands, costs)
    assert all(sum(flow.values()) <= supply for flow, supply in zip(flows, supplies, strict=False))
    for target, demand in enumerate(demands):
        assert sum(flow.get(target, 0) for flow in flows) <= demand
    count = sum(sum(flow.values()) for flow in flows)
    cost = sum(costs[source][target] * amount for source, flow in enumerate(flows) for target, amount in flow.items())
    assert (count, cost) == best(supplies, demands, costs)


def test_a_member_gives_way_to_one_that_can_go_nowhere_else() -> None:
    assert assign([1, 1], [1, 1], [{0: 0, 1: 5}, {0: 9}]) == [{1: 1}, {0: 1}]


def test_it_is_the_cheapest_however_many_classes_there_are() -> None:
    """A source that may go to the same target as another one leaves it to that one, which has no other at no cost."""
    count = 150
    free = [{source, source + 1} if source % 2 == 0 else {source - 1} for source in range(count)]
    costs = [{target: int(target not in free[source]) for target in range(count)} for source in range(count)]
    flows = assign([1] * count, [1] * count, costs)
    assert sum(costs[source][target] for source, flow in enumerate(flows) for target in flow) == 0
    assert [len(flow) for flow in flows] == [1] * count


def test_a_class_of_any_size_is_one_step() -> None:
    assert assign([10**12], [10**12], [{0: 3}]) == [{0: 10**12}]
