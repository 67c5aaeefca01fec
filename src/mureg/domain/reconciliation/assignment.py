"""The cheapest assignment of two groups to each other: a flow of least cost.

Members that are interchangeable form one class, so a class may have thousands of rows. Dijkstra's distances reduce the
costs so that the edges of cheapest paths cost nothing; then as much is assigned along such edges as they take. There
are few different distances, so there are few such rounds.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush


def assign(supplies: Sequence[int], demands: Sequence[int], costs: Sequence[Mapping[int, int]]) -> list[dict[int, int]]:
    """How many members of each supplying class go to each demanding class.

    `costs` has a mapping for each supplying class: the demanding classes that it may go to, and what one member costs
    there, at least 0. The answer assigns as many members as possible, and of all such assignments it is one with the
    least sum of costs. The same input gives the same answer.
    """
    left, room = list(supplies), list(demands)
    flows: list[dict[int, int]] = [{} for _ in supplies]
    for sources in _connected(costs):
        part = _Part(sources, costs, left, room, flows)
        while part.lengthen_paths():
            while part.use_paths():
                pass
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


class _Part:
    """Classes that compete with each other. Sources supply, targets demand.

    A potential is the length of the cheapest path to a class. An edge is tight where the potentials of its ends differ
    by its cost: the cheapest paths have only such edges.
    """

    def __init__(
        self,
        sources: Sequence[int],
        costs: Sequence[Mapping[int, int]],
        left: list[int],
        room: list[int],
        flows: list[dict[int, int]],
    ) -> None:
        self._costs, self._left, self._room, self._flows = costs, left, room, flows
        self._of_source = dict.fromkeys(sources, 0)
        self._of_target = {target: 0 for source in sources for target in costs[source]}
        self._givers: dict[int, dict[int, None]] = {target: {} for target in self._of_target}
        self._length = 0
        self._tight: dict[int, list[int]] = {}

    def lengthen_paths(self) -> bool:
        """Let the potentials be those of the cheapest paths that are left; whether there is one."""
        to_source, to_target = self._distances()
        ends = [distance + self._of_target[at] for at, distance in to_target.items() if self._room[at]]
        if not ends:
            return False
        longer = min(ends) - self._length
        self._length += longer
        for potentials, distances in ((self._of_source, to_source), (self._of_target, to_target)):
            for at in potentials:
                potentials[at] += min(distances.get(at, longer), longer)
        self._tight = {
            source: [target for target, cost in self._costs[source].items() if self._of_target[target] == here + cost]
            for source, here in self._of_source.items()
        }
        return True

    def _distances(self) -> tuple[dict[int, int], dict[int, int]]:
        """By how much the cheapest path to each source and target is longer than its potential: Dijkstra's search."""
        to_source: dict[int, int] = {}
        to_target: dict[int, int] = {}
        heap = [(-here, True, source) for source, here in self._of_source.items() if self._left[source]]
        heapify(heap)
        while heap:
            distance, is_source, at = heappop(heap)
            known, others = (to_source, to_target) if is_source else (to_target, to_source)
            if at in known:
                continue
            known[at] = distance
            if is_source:
                here = distance + self._of_source[at]
                for target, cost in self._costs[at].items():
                    if target not in others:
                        heappush(heap, (here + cost - self._of_target[target], False, target))
            else:
                here = distance + self._of_target[at]
                for source in self._givers[at]:
                    if source not in others:
                        heappush(heap, (here - self._costs[source][at] - self._of_source[source], True, source))
        return to_source, to_target

    def use_paths(self) -> bool:
        """Assign along tight edges, to each class at most until it leads nowhere; whether anything was assigned."""
        seen_sources: set[int] = set()
        seen_targets: set[int] = set()
        is_used = False
        for start, here in self._of_source.items():
            while here == 0 and self._left[start]:
                path = self._path_from(start, seen_sources, seen_targets)
                if not path:
                    break
                # What leads somewhere may be used once more.
                seen_sources.difference_update(path[::2])
                seen_targets.difference_update(path[1::2])
                self._use(path)
                is_used = True
        return is_used

    def _path_from(self, start: int, seen_sources: set[int], seen_targets: set[int]) -> list[int]:
        """Sources and targets in turn, to a target with room; empty where there is no path past what was seen."""
        seen_sources.add(start)
        path, choices = [start], [iter(self._tight[start])]
        while path:
            is_source = len(path) % 2 == 1
            seen = seen_targets if is_source else seen_sources
            at = next((each for each in choices[-1] if each not in seen), None)
            if at is None:
                path.pop()
                choices.pop()
                continue
            seen.add(at)
            path.append(at)
            if not is_source:
                choices.append(iter(self._tight[at]))
            elif self._room[at] and self._of_target[at] == self._length:
                return path
            else:
                choices.append(iter([giver for giver in self._givers[at] if self._is_tight(giver, at)]))
        return path

    def _is_tight(self, source: int, target: int) -> bool:
        return self._of_source[source] + self._costs[source][target] == self._of_target[target]

    def _use(self, path: Sequence[int]) -> None:
        """Assign along a path as many as it takes: to a target, back from it to another source, on to the next."""
        forward = list(zip(path[::2], path[1::2], strict=True))
        backward = list(zip(path[2::2], path[1:-1:2], strict=True))
        first, last = path[0], path[-1]
        amount = min(self._left[first], self._room[last], *(self._flows[giver][at] for giver, at in backward))
        for source, target in forward:
            self._flows[source][target] = self._flows[source].get(target, 0) + amount
            self._givers[target][source] = None
        for source, target in backward:
            self._flows[source][target] -= amount
            if not self._flows[source][target]:
                del self._flows[source][target]
                del self._givers[target][source]
        self._left[first] -= amount
        self._room[last] -= amount
