"""The numbers that an import left as the register has them."""

from collections.abc import Iterator, Sequence


class UnchangedNumbers:
    """Numbers that an import left as the register has them: another row of theirs may change nothing any more.

    A million of them are kept as text: they are looked up only where a row changes something.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: set[str] = set()

    def add(self, numbers: Sequence[str]) -> None:
        """Note numbers whose rows changed nothing."""
        if not numbers:
            return
        self._texts.append("\n".join(numbers))

    def __iter__(self) -> Iterator[str]:
        """Every number."""
        yield from self._numbers
        for text in self._texts:
            yield from text.split("\n")

    def __contains__(self, number: str) -> bool:
        for text in self._texts:
            self._numbers.update(text.split("\n"))
        self._texts.clear()
        return number in self._numbers
