"""The shapes of postcodes by country: whether a postcode can be one there. A postcode is never changed by it."""

from __future__ import annotations

from functools import lru_cache

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.lookup import lookup

__all__ = ["misshapen", "shapes"]

# 9 stands for a digit, A for a letter; spaces are gone. Countries without postcodes, and those that mix freely, are not here.
_SHAPES = {
    "99999  ": "DE FR ES IT MX TR FI SE CZ SK GR HR EE UA RS BA ME LT",
    "99999": "KR MY TH ID PK SA EG MA DZ IQ JO KW LK NP MM PE CU GT CR UY DO",
    "99999 99999-9999": "US PR",
    "99999 999999": "KH", "99999 ": "LA SM VA MC GP MQ RE GF YT SN KE ZM LB BT",
    "9999": "AT CH LI BE AU NZ DK NO LU HU BG SI CY GE AM ZA TN PH BD PY MK AL AF LV NL GL SZ LR HT VE ET NE",
    "9999 AA9999 A9999AAA": "AR", "9999 AA9999": "MD",
    "999999": "IN CN RU RO SG KZ KG UZ TJ TM MN BY CO EC TT NG",
    "99999 999999 ": "VN",
    "99-999 99999": "PL", "9999 9999-999 9999999": "PT", "9999999": "IL", "9999999 999-9999": "CL JP",
    "99999-999 99999999": "BR", "9999AA": "NL", "A9A9A9 A9A": "CA", "AAA9999": "MT", "AA9999": "BN", "999": "IS FO MG LS OM PG",
    "999 99999 999999": "TW", "9999999999 99999-99999": "IR", "99999-9999": "SA",
    "A9 A99 AA9 AA99 A9A AA9A A99AA A999AA AA99AA AA999AA A9A9AA AA9A9AA": "GB IM JE GG GI",
}  # fmt: skip


@lru_cache(maxsize=1)
def shapes() -> dict[str, str]:
    """Return for each country its shapes, each with a space before and after."""
    found: dict[str, set[str]] = {}
    for listed, countries in _SHAPES.items():
        for country in countries.split(" "):
            found.setdefault(country, set()).update(listed.split())
    return {country: f" {' '.join(sorted(known))} " for country, known in found.items()}


def misshapen(postcode: Column, country: Column) -> Column:
    """Tell whether a postcode (capitals, no spaces) has none of its country's shapes; false where these are not known."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    shape = F.translate(postcode, "0123456789" + letters, "9" * 10 + "A" * len(letters))
    known = lookup(shapes(), country)
    return F.coalesce(~known.contains(F.concat(F.lit(" "), shape, F.lit(" "))), F.lit(False))
