"""What must hold between the files of a configuration, beyond each file's own rules."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Sequence

from onefold.config.folder import Folder
from onefold.config.project import Source

__all__ = ["cross_checks"]


def cross_checks(folder: Folder, sources: Sequence[Source]) -> list[str]:
    """Return every problem between files: names used twice, references that lead nowhere, unknown encodings."""
    documents = {str(d.value.get("source")): d for d in folder.many["sources"].values() if isinstance(d.value, dict)}
    problems: list[str] = []
    seen: dict[str, Source] = {}
    parties = [s.source for s in sources if s.party is not None]
    for source in sources:
        document = documents[source.source]
        if source.source in seen:
            problems.append(f"{document.where(('source',))}: source: the name {source.source!r} is used by two files")
        seen[source.source] = source
        if source.interaction and source.interaction.party_source not in parties:
            near = difflib.get_close_matches(source.interaction.party_source, parties, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            place = document.where(("interaction", "party_source"))
            problems.append(f"{place}: interaction.party_source: no party source of this name; {hint}known: {', '.join(parties)}")
        try:
            codecs.lookup(source.encoding)
        except LookupError:
            problems.append(
                f"{document.where(('encoding',))}: encoding: unknown encoding {source.encoding!r}; e.g. utf-8, iso-8859-1"
            )
    return problems
