"""The index of a warehouse, opened once and asked about one prospect after another, in milliseconds and without Spark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from onefold.catch.answers import Answer, Evidence
from onefold.catch.entity import EntityIndex, Found
from onefold.catch.functions import python_functions
from onefold.catch.layout import current_folder, index_root, read_manifest
from onefold.catch.program import Program, Runner
from onefold.catch.prospect import ProspectError, read_prospect

__all__ = ["CatchIndex"]


class CatchIndex:
    """What a run left to answer by: `CatchIndex.open(warehouse).match(prospect)`.

    An open index goes on answering from the build that it opened; `fresh` tells whether a newer one is there.
    """

    def __init__(self, folder: Path) -> None:
        """Open the build that lies in a folder."""
        manifest = read_manifest(folder)
        self._folder = folder
        self.run_id = str(manifest["run_id"])
        self.made_at = datetime.fromisoformat(manifest["made_at"])
        self._attributes: dict[str, str] = manifest["attributes"]
        self._default_country: str | None = manifest["default_country"]
        functions = python_functions(manifest["sentinels"])
        program = Program.from_json((folder / "standardise.json").read_text(encoding="utf-8"))
        gaps = program.gaps()
        self._columns = tuple(name for name in program.outputs if name not in gaps)
        self._standardise = Runner(program, functions)
        self._entities = {kind: EntityIndex(folder, kind, functions) for kind in manifest["entity_types"]}

    @classmethod
    def open(cls, warehouse: str | Path, *, folder: str | None = None) -> Self:
        """Open the index in use.

        Args:
            warehouse: folder of the Delta tables.
            folder: folder of the index, where the configuration names another (`catch.folder`).

        Raises:
            MissingInputError: when there is none yet.
            RuntimeSetupError: when the warehouse is no local folder.
        """
        return cls(current_folder(index_root(str(warehouse), folder)))

    @property
    def fresh(self) -> bool:
        """Whether no newer build is in use."""
        return current_folder(self._folder.parent) == self._folder

    @property
    def entity_types(self) -> tuple[str, ...]:
        """The entity types that can be looked for."""
        return tuple(self._entities)

    def entity(self, entity_type: str) -> EntityIndex:
        """Return the index of one entity type.

        Raises:
            ProspectError: when it was not matched.
        """
        if entity_type not in self._entities:
            known = ", ".join(self._entities) or "none"
            raise ProspectError(f"the index holds no {entity_type}", hint=f"entity types in it: {known}")
        return self._entities[entity_type]

    @property
    def not_compared(self) -> dict[str, tuple[str, ...]]:
        """By entity type the comparisons and rules (`rule NAME`) that need Spark, and so take no part here."""
        found = {k: (*e.not_compared, *(f"rule {name}" for name in e.not_asked)) for k, e in self._entities.items()}
        return {kind: names for kind, names in found.items() if names}

    def party(self, prospect: Mapping[str, Any]) -> dict[str, Any]:
        """Return the prospect standardised, as it would stand in silver.

        Raises:
            ProspectError: when it is empty or has an attribute that is not known.
        """
        row = read_prospect(prospect, self._attributes, self._default_country)
        return self._standardise.run(row, self._columns) | {"entity_type": row["entity_type"]}

    def match(self, prospect: Mapping[str, Any], *, top: int = 5, least: float = 0.1) -> list[Answer]:
        """Return the customers that the prospect may be, the likeliest first.

        Args:
            prospect: canonical attributes, e.g. given_name, family_name, birth_date, email, phone, street, postcode, city.
            top: most customers to return.
            least: least match probability.

        Raises:
            ProspectError: when it is empty, has an attribute that is not known, or is of a type that was not matched.
        """
        party = self.party(prospect)
        return self.match_party(party, top=top, least=least)

    def match_party(self, party: Mapping[str, Any], *, top: int = 5, least: float = 0.1) -> list[Answer]:
        """Return the customers that a standardised party (columns of silver/party) may be, the likeliest first."""
        kind = str(party["entity_type"])
        entity = self.entity(kind)
        customers: dict[str, list[Found]] = {}
        for found in entity.match(party):
            if found.match_probability >= least:
                customers.setdefault(found.stored[3] or found.stored[1], []).append(found)
        best = list(customers.values())[:top]  # the nearest record of each comes first, and so do they
        return [_answer(kind, records, entity.not_compared) for records in best]


def _answer(kind: str, records: list[Found], not_compared: tuple[str, ...]) -> Answer:
    nearest = records[0]
    _, record_id, source, customer_id, _ = nearest.stored
    return Answer(
        customer_id=customer_id,
        record_id=record_id,
        source=source,
        entity_type=kind,
        match_weight=nearest.match_weight,
        match_probability=nearest.match_probability,
        comparisons=tuple(Evidence(c["name"], c["level"], c["weight"], c["tf_weight"]) for c in nearest.comparisons),
        rules=nearest.rules,
        records=len(records),
        not_compared=not_compared,
    )
