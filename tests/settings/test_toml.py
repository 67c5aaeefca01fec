"""A settings file that is not TOML, not UTF-8, too large, or not there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mureg.errors import Rejected
from mureg.settings.locate import read_db
from mureg.settings.reading import read_settings

Write = Callable[[str], Path]


@pytest.mark.parametrize("read", [read_settings, read_db])
class TestAFileThatIsNotToml:
    @pytest.mark.parametrize(
        ("text", "line", "hint"),
        [
            ("a = 1\nb =\n", 2, "fix it, then see the result: mureg contract show"),
            ("a = 1\n\na = 2\n", 3, "fix it, then see the result: mureg contract show"),
            ("a = 1\n[b\n", 2, "fix it, then see the result: mureg contract show"),
            ("a = [\n", 2, "fix it, then see the result: mureg contract show"),
            ('db = "C:\\mureg\\a.db"\n', 1, "write a path with / or in single quotes: 'C:\\mureg\\mureg.db'"),
            ("[contract]\nterm_months = …\n", 2, "replace … with a value"),
        ],
    )
    def test_is_reported_with_its_line(
        self, write: Write, read: Callable[[Path], object], text: str, line: int, hint: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            read(write(text))
        (fault,) = caught.value.details
        assert fault.row == line
        assert str(fault.message).startswith("invalid TOML: ")
        assert str(caught.value.hint) == hint

    @pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
    def test_of_another_encoding_has_the_hint_how_to_save_it(
        self, tmp_path: Path, read: Callable[[Path], object], encoding: str
    ) -> None:
        file = tmp_path / "mureg.toml"
        file.write_bytes("\n# Партнёр\n".encode(encoding))
        with pytest.raises(Rejected) as caught:
            read(file)
        assert str(caught.value.details[0].message) == "the text is not UTF-8"
        assert caught.value.details[0].row == (2 if encoding == "cp1251" else 1)
        assert str(caught.value.hint) == "open it in a text editor and save it as UTF-8"

    def test_larger_than_64_kib_is_refused(self, write: Write, read: Callable[[Path], object]) -> None:
        file = write("#" * (1 << 16) + "\n")
        with pytest.raises(Rejected, match=r"mureg\.toml is larger than 64 KiB: not a settings file") as caught:
            read(file)
        assert str(caught.value.hint) == "specify a settings file: mureg --config FILE"

    @pytest.mark.parametrize(
        "text", ["a = " + "[" * 50_000, "a." * 20_000 + "a = 1", "a = " + "{a=" * 9000, "a = " + "1" * 9000]
    )
    def test_with_hostile_nesting_gives_one_error(
        self, write: Write, read: Callable[[Path], object], text: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            read(write(text))
        assert len(caught.value.details) == 1

    @pytest.mark.parametrize("text", ["a = " + "[" * 3_000 + "]" * 3_000, "a = " + "1" * 9000])
    def test_beyond_the_limits_of_the_parser_is_an_error(
        self, write: Write, read: Callable[[Path], object], text: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            read(write(text))
        (fault,) = caught.value.details
        assert str(fault.message) == "brackets are nested too deep, or a number is too long"

    def test_that_does_not_exist_has_the_hint_to_make_one(self, tmp_path: Path, read: Callable[[Path], object]) -> None:
        with pytest.raises(Rejected, match=r"^no settings file .*absent\.toml$") as caught:
            read(tmp_path / "absent.toml")
        assert str(caught.value.hint) == "create one: mureg init; or use another: mureg --config FILE"

    def test_but_a_folder_cannot_be_read(self, tmp_path: Path, read: Callable[[Path], object]) -> None:
        with pytest.raises(Rejected, match=r"^cannot read .*: ") as caught:
            read(tmp_path)
        assert str(caught.value.hint) == "specify a settings file: mureg --config FILE"
