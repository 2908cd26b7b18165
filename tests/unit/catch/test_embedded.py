"""What is written into the embedded file is what is read from it."""

from __future__ import annotations

from array import array
from pathlib import Path

from onefold.catch.embedded import EmbeddedReader, EmbeddedWriter


def test_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "person.sqlite"
    with EmbeddedWriter(path) as file:
        file.blocks([(7, 2, [-5, 9]), (8, 900, None)])
        file.records([(n, f"crm:{n}", "crm", None, '{"f0":"anna"}') for n in range(-5, 1200)])
        file.known([("count", "", -3, 4.0), ("rarity", "f1", -3, 0.5)])
    reader = EmbeddedReader(path)
    assert reader.blocks([7, 8, 9]) == {7: (2, array("q", [-5, 9])), 8: (900, None)}
    assert reader.records([-5]) == [(-5, "crm:-5", "crm", None, {"f0": "anna"})]
    assert len(reader.records(list(range(1000)))) == 1000
    assert reader.known("rarity", "f1", [-3, 5]) == {-3: 0.5}
    assert reader.count() == 1205
    reader.close()
