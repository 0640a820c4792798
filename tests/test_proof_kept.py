"""C3, C5, C8, C9, C13: what is kept of words said in confidence, and for how long."""

from pathlib import Path

import pytest

from tests.postgres import Postgres
from tests.proof import canaries, lasting, refusing, sealed

#: What may hold a member's id: the database of members, its copy, and what a member gets to read about themselves.
MEMBERS = ["copbot.db", "backup.db", "mes-donnees"]


def test_marked_words_are_in_no_file_at_any_stage(tmp_path: Path) -> None:
    with canaries.on_sqlite(tmp_path) as files:
        look = canaries.Look(files, [tmp_path], MEMBERS)
        canaries.played(files, 300, look)
    assert look.hits == []
    assert len(set(look.stages)) == 5


def test_marked_words_are_in_no_file_of_a_server(tmp_path: Path, postgres: Postgres) -> None:
    with canaries.on_postgres(tmp_path, postgres) as (files, data):
        look = canaries.Look(files, [tmp_path, data], [])
        look.ids = []  # one server writes both databases to the same log
        canaries.played(files, 200, look)
    assert look.hits == []


@pytest.mark.parametrize("fault", refusing.FAULTS)
def test_where_words_cannot_be_sealed_nothing_is_kept_and_the_author_is_told(fault: str) -> None:
    assert [wrong for seed in range(3) if (wrong := refusing.refused(fault, seed))] == []


def test_after_a_hundred_and_twenty_days_nothing_is_left_in_the_bytes() -> None:
    seen, left = lasting.after_expiry(120, 1, seed=1)
    assert seen > 20
    assert left == []


def test_what_is_left_in_free_pages_would_be_found() -> None:
    assert lasting.after_expiry(120, 1, seed=1, swept=False)[1]


@pytest.mark.parametrize("part", range(10))
def test_a_restored_backup_brings_nothing_back(part: int) -> None:
    assert {seed: wrong for seed in range(part * 20, part * 20 + 20) if (wrong := lasting.restored(seed))} == {}


def test_a_backup_with_the_vault_in_it_would_be_found_out() -> None:
    assert any(lasting.restored(seed, with_vault=True) for seed in range(30))


def test_five_thousand_texts_have_three_sizes() -> None:
    assert len(sealed.sizes(5000)) == len(sealed.listeners_sizes(5000)) == 3
