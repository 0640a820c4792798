"""The scanner that searches copbot's files finds what programs leave behind, in every writing."""

import random
from pathlib import Path

from tests.proof.scanning import plant, scan

WORD, ID = "Zquixombrelante", 7_351_942_816_443


def test_ten_of_ten_planted_writings_are_found(tmp_path: Path) -> None:
    planted = plant(WORD, ID)
    for number, content in enumerate(planted.values()):
        noise = random.Random(number).randbytes(3000)
        (tmp_path / f"{number}.db-wal").write_bytes(noise[:1499] + content + noise[1499:])
    assert len({name for name, _what, _how in scan([WORD], [ID], tmp_path)}) == len(planted) == 10


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(random.Random(1).randbytes(2_000_000))
    assert scan([WORD], [ID], tmp_path) == []
