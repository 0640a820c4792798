"""The people of these tests can be trusted: clients of two makes, on a real homeserver, read each other's encrypted words."""

import pytest

from tests.matrix.members import People
from tests.matrix.other_client import OtherPeople


@pytest.mark.parametrize("version", ["11", "12"])
def test_clients_of_two_makes_read_each_other(people: People, others: OtherPeople, version: str) -> None:
    alice, dee = people("alice"), others("dee")
    room = alice.opens(dee.id, version=version)
    dee.accepts()
    alice.meets(room, dee.id)
    dee.meets(room, alice.id)
    alice.says(room, "Hello dee")
    assert dee.hears("Hello dee")["encrypted"]
    dee.says(room, "Hello alice")
    assert alice.hears("Hello alice", by=dee.id).decrypted
    assert not dee.unreadable
    assert not alice.unread()
