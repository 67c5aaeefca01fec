"""The picture of the READMEs: `mureg application show` on a real terminal, as SVG.

python tools/picture.py           write docs/terminal.svg
"""

import io
import os
import sys
from pathlib import Path

from readme import in_new_folder, printed_by
from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).parent.parent / "docs" / "terminal.svg"
_WIDTH = 100


def picture() -> str:
    """The terminal after `mureg application show`, drawn by Rich from the output of mureg."""
    with in_new_folder():
        del os.environ["NO_COLOR"]
        printed_by("init --example", "ru")
        card = printed_by("application show", "ru")
    console = Console(width=_WIDTH, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.assemble(("$ ", "bold green"), "mureg application show"))
    console.print(Text.from_ansi(card))
    return console.export_svg(title="mureg", unique_id="mureg")


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    sys.exit()
