"""The cheapest assignment of two groups to each other, by successive shortest paths.

Members that are interchangeable form one class, so a class may have thousands of rows.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

# A part with more edges than this is assigned cheapest edge first: to find its best assignment takes minutes.
_MOST_EDGES = 10_000


def assign(supplies: Sequence[int], demands: Sequence[int], costs: Sequence[Mapping[int, int]]) -> list[dict[int, int]]:
    """How many members of each supplying class go to each demanding class.

    `costs` has a mapping for each supplying class: the demanding classes that it may go to, and what one member costs
    there. The answer assigns as many members as possible, and of all such assignments it is one with the least sum of
    costs. The same input gives the same answer.
    """
    left, room = list(supplies), list(demands)
    flows: list[dict[int, int]] = [{} for _ in supplies]
    for sources in _connected(costs):
        edges = sorted((cost, source, target) for source in sources for target, cost in costs[source].items())
        is_simple = len(sources) == 1 or len({target for _, _, target in edges}) == 1
        if is_simple or len(edges) > _MOST_EDGES:
            _take_cheapest_edges(edges, left, room, flows)
        else:
            while path := _cheapest_path(sources, left, room, costs, flows):
                _use(path, left, room, flows)
    return flows


def _connected(costs: Sequence[Mapping[int, int]]) -> Iterator[list[int]]:
    """The supplying classes, in groups that compete for the same demanding classes."""
    wanting: dict[int, list[int]] = {}
    for source, targets in enumerate(costs):
        for target in targets:
            wanting.setdefault(target, []).append(source)
    seen: set[int] = set()
    for first in range(len(costs)):
        if first in seen:
            continue
        seen.add(first)
        group, waiting = [], [first]
        while waiting:
            source = waiting.pop()
            group.append(source)
            for target in costs[source]:
                # Whoever wants the target is in the group from now on.
                for other in wanting.pop(target, ()):
                    if other not in seen:
                        seen.add(other)
                        waiting.append(other)
        yield sorted(group)


def _take_cheapest_edges(
    edges: Iterable[tuple[int, int, int]], left: list[int], room: list[int], flows: Sequence[dict[int, int]]
) -> None:
    for _, source, target in edges:
        amount = min(left[source], room[target])
        if amount:
            flows[source][target] = amount
            left[source] -= amount
            room[target] -= amount


def _use(path: Sequence[tuple[int, int]], left: list[int], room: list[int], flows: Sequence[dict[int, int]]) -> None:
    """Assign along a path as many as it takes: to a class, back from it to another supplying class, on to the next."""
    forward, backward = path[::2], path[1::2]
    (first, _), (_, last) = path[0], path[-1]
    amount = min([left[first], room[last], *(flows[source][target] for source, target in backward)])
    for source, target in forward:
        flows[source][target] = flows[source].get(target, 0) + amount
    for source, target in backward:
        flows[source][target] -= amount
        if not flows[source][target]:
            del flows[source][target]
    left[first] -= amount
    room[last] -= amount


def _cheapest_path(
    sources: Sequence[int],
    left: Sequence[int],
    room: Sequence[int],
    costs: Sequence[Mapping[int, int]],
    flows: Sequence[Mapping[int, int]],
) -> list[tuple[int, int]]:
    """The edges, as (supplying, demanding), of the cheapest way to assign one member more; empty where there is none.

    Bellman and Ford's search with a queue: going back along a flow refunds its cost, so costs can be negative.
    """
    reached = {source: 0 for source in sources if left[source]}
    came_back_from: dict[int, int] = {}
    cheapest: dict[int, int] = {}
    came_from: dict[int, int] = {}
    into: dict[int, list[int]] = {}
    for source in sources:
        for target in flows[source]:
            into.setdefault(target, []).append(source)
    queue = deque(reached)
    while queue:
        source = queue.popleft()
        for target, cost in costs[source].items():
            total = reached[source] + cost
            if total >= cheapest.get(target, total + 1):
                continue
            cheapest[target], came_from[target] = total, source
            for giver in into.get(target, ()):
                refunded = total - costs[giver][target]
                if refunded < reached.get(giver, refunded + 1):
                    reached[giver], came_back_from[giver] = refunded, target
                    queue.append(giver)
    ends = [(total, target) for target, total in cheapest.items() if room[target]]
    if not ends:
        return []
    _, target = min(ends)
    source = came_from[target]
    path = [(source, target)]
    while source in came_back_from:
        target = came_back_from[source]
        path.append((source, target))
        source = came_from[target]
        path.append((source, target))
    return path[::-1]
