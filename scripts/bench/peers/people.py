"""A flat table of British people with slips, gaps, moves, marriages, twins and households, and its truth in another file.

Everything is drawn chunk by chunk from one seed, in whole columns, so five million records take a few minutes and little
memory. Values are lower case without accents: what a cleansing stage would hand on.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator.columns import Array, Columns, edited, taken, texts, where
from generator.countries import CODES, COUNTRIES
from generator.streets import draw_streets
from generator.typos import email_slip, slip, swapped_digits
from generator.vocabulary import ascii_folded, given_names, nicknames, places, surnames

__all__ = ["folded", "glued", "write_people"]

_CHUNK = 200_000  # people
_GB = CODES.index("GB")
_ABROAD = tuple(CODES.index(code) for code in ("US", "AU", "DE", "FR", "IT", "ES"))
_INWARD = "abdefghjlnpqrstuwxyz"
_COPIES = (0.40, 0.25, 0.15, 0.10, 0.06, 0.04)  # of a person: one record, two...


def write_people(records: int, folder: Path, seed: int) -> None:
    """Write `records.parquet` (about this many rows, exactly in the end) and `truth.parquet` (unique_id, entity_id)."""
    folder.mkdir(parents=True, exist_ok=True)
    done, people, writers = 0, 0, {}
    for chunk in range(1_000_000):
        if done >= records:
            break
        rng = np.random.default_rng((seed, chunk))
        persons = _persons(rng, min(_CHUNK, max(1_000, round((records - done) / 2.2))))
        rows, owner = _records(rng, persons)
        keep = rng.permutation(len(owner))[: records - done]
        numbers = np.arange(done, done + len(keep))
        tables = {
            "records": pa.table({"unique_id": numbers, **{k: pa.array(v[keep], pa.string()) for k, v in rows.items()}}),
            "truth": pa.table({"unique_id": numbers, "entity_id": owner[keep] + people}),
        }
        for name, table in tables.items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
            writers[name].write_table(table)
        done, people = done + len(keep), people + len(persons["given"])
    for writer in writers.values():
        writer.close()


def folded(values: Array) -> Array:
    """Return the texts in lower case without accents."""
    codes, distinct = pd.factorize(values)
    return np.asarray(texts(ascii_folded(v).lower() for v in distinct)[codes], dtype=object)


def glued(*parts: Array | str) -> Array:
    """Join texts row by row without a separator; null when any is null."""
    columns = [p if isinstance(p, str) else pa.array(p, pa.string()) for p in parts]
    return np.asarray(pc.binary_join_element_wise(*columns, "").to_numpy(zero_copy_only=False), dtype=object)


def _surnames(rng: np.random.Generator, size: int) -> Array:
    """Draw family names: mostly British, some of everywhere, a few double-barrelled."""
    pool = surnames()
    country = np.where(rng.random(size) < 0.7, _GB, rng.choice(_ABROAD, size, p=[0.5, 0.2, 0.1, 0.07, 0.07, 0.06]))
    names = folded(pool.get("name", pool.draw(rng, country)))
    double = rng.random(size) < 0.02
    names[double] = glued(names[double], " ", rng.permutation(names)[double])
    return names


def _addresses(rng: np.random.Generator, size: int) -> Columns:
    pool = places()
    # Some towns hold many people, most hold few.
    first = int(np.searchsorted(pool.edges, _GB, side="right"))
    count = int(np.searchsorted(pool.edges, _GB + 1, side="left")) + 1 - first
    at = first + np.minimum((count * rng.random(size) ** 1.6).astype(np.int64), count - 1)
    outward = np.char.lower(pool.get("postcode", at).astype(str)).astype(object)
    letters = texts(_INWARD)
    inward = rng.integers(0, 600, size)
    street, _ = draw_streets(rng, np.full(size, _GB))
    return {
        "postcode": glued(outward, texts("0123456789")[inward % 10], letters[inward // 10 % 20], letters[inward // 30]),
        "city": folded(pool.get("place", at)),
        "street": folded(street),
        "house_number": (1 + (180 * rng.random(size) ** 2).astype(np.int64)).astype(str).astype(object),
    }


def _emails(rng: np.random.Generator, given: Array, family: Array) -> Array:
    size = len(given)
    domain = texts(COUNTRIES[_GB].mail)[np.minimum(rng.geometric(0.4, size) - 1, 5)]
    plain = texts(name.replace(" ", "") for name in family)
    initial = texts(name[:1] for name in given)
    number = rng.integers(1, 1_000, size).astype(str).astype(object)
    style = rng.random(size)
    local = where(style < 0.35, glued(given, ".", plain), glued(given, plain, number))
    local = where((style > 0.6) & (style < 0.85), glued(initial, plain, number), local)
    local = where(style > 0.93, glued(plain, number), local)
    return glued(local, "@", domain)


def _phones(rng: np.random.Generator, size: int, *, mobile: bool) -> Array:
    numbers = rng.integers(0, 10**8, size)
    head = "+447" if mobile else "+441"
    return texts(map(f"{head}{{:09d}}".format, (numbers * (9 if mobile else 7) + 100_000_000).tolist()))


def _persons(rng: np.random.Generator, size: int) -> Columns:
    """Draw people in households: a household shares its address, mostly its family name, and a telephone."""
    new = rng.random(size) < 0.7
    new[0] = True
    household = np.cumsum(new) - 1
    homes = int(household[-1]) + 1
    women = rng.random(size) < 0.5
    pool = given_names()
    given = folded(pool.get("name", pool.draw(rng, 2 * _GB + women)))
    family = where(rng.random(size) < 0.82, _surnames(rng, homes)[household], _surnames(rng, size))
    born = np.datetime64("1932-01-01") + rng.integers(0, 365 * 75, size).astype("timedelta64[D]")
    twin = ~new & (rng.random(size) < 0.02)
    born[twin] = born[np.flatnonzero(twin) - 1]
    shared = rng.random(size)
    landline = _phones(rng, homes, mobile=False)[household]
    email = where(shared < 0.03, _emails(rng, given, family)[np.searchsorted(household, household)], _emails(rng, given, family))
    return {
        "given": given,
        "family": family,
        "married": _surnames(rng, size),
        "gender": where(women, "female", "male"),
        "born": born,
        "email": email,
        "email_2": _emails(rng, given, family),
        "phone": where(shared > 0.85, landline, _phones(rng, size, mobile=True)),
        "phone_2": where(shared > 0.6, landline, _phones(rng, size, mobile=True)),
        "moved": rng.random(size) < 0.15,
        "marries": women & (rng.random(size) < 0.06),
        **taken(_addresses(rng, homes), household),
        **{f"{name}_2": values for name, values in _addresses(rng, size).items()},
    }


def _records(rng: np.random.Generator, persons: Columns) -> tuple[Columns, Array]:
    """Return the records of the people, as different clerks wrote them at different times, and whose each is."""
    copies = 1 + rng.choice(len(_COPIES), len(persons["given"]), p=_COPIES)
    owner = np.repeat(np.arange(len(copies)), copies)
    p = taken(persons, owner)

    def some(share: float) -> Array:
        return np.asarray(rng.random(len(owner)) < share)

    earlier = some(0.4)
    family = where(p["marries"] & earlier, p["married"], p["family"])
    given, family = _names(rng, p["given"], family, some)
    moved = p["moved"] & earlier
    address = {name: where(moved, p[f"{name}_2"], p[name]) for name in ("street", "house_number", "city", "postcode")}
    address["street"] = edited(address["street"], some(0.04), slip, rng)
    address["city"] = edited(address["city"], some(0.02), slip, rng)
    address["postcode"] = where(some(0.05), None, edited(address["postcode"], some(0.02), slip, rng))
    address["house_number"] = where(some(0.04), None, address["house_number"])
    nowhere = some(0.08)
    email = edited(where(some(0.12), p["email_2"], p["email"]), some(0.03), email_slip, rng)
    phone = edited(where(some(0.2), p["phone_2"], p["phone"]), some(0.03), swapped_digits, rng)
    columns = {
        "given_name": given,
        "family_name": family,
        "gender": where(some(0.15), None, p["gender"]),
        "birth_date": _birth_dates(rng, p["born"], some),
        "email": where(some(0.35), None, email),
        "phone": where(some(0.35), None, phone),
        **{name: where(nowhere, None, values) for name, values in address.items()},
    }
    return columns, owner


def _names(rng: np.random.Generator, given: Array, family: Array, some: object) -> tuple[Array, Array]:
    assert callable(some)
    short = {name.lower(): [n.lower() for n in known] for name, known in nicknames()["GB"].items()}
    given = edited(given, some(0.06), lambda text, draw: (short.get(text) or [text])[draw % len(short.get(text) or [text])], rng)
    given = edited(given, some(0.03), slip, rng)
    given = edited(given, some(0.02), lambda text, _: text[:1], rng)
    family = edited(family, some(0.04), slip, rng)
    swapped = some(0.01)
    given, family = where(swapped, family, given), where(swapped, given, family)
    return where(some(0.01), None, given), where(some(0.005), None, family)


def _birth_dates(rng: np.random.Generator, born: Array, some: object) -> Array:
    assert callable(some)
    months = born.astype("datetime64[M]")
    year, month = months.astype("datetime64[Y]").astype(int) + 1970, months.astype(int) % 12 + 1
    day = (born - months).astype(int) + 1
    slipped = some(0.02)
    day[slipped] = rng.integers(1, 29, int(slipped.sum()))
    slipped = some(0.008)
    year[slipped] += rng.choice((-10, -1, 1, 10), int(slipped.sum()))
    turned = some(0.01) & (day <= 12)
    day[turned], month[turned] = month[turned].copy(), day[turned].copy()
    unknown = some(0.007)
    day[unknown], month[unknown] = 1, 1
    day = np.minimum(day, 28 + (month != 2) * 2)
    text = pc.strftime(pa.array(pd.to_datetime({"year": year, "month": month, "day": day}).to_numpy()), format="%Y-%m-%d")
    return where(some(0.12), None, np.asarray(text.to_numpy(zero_copy_only=False), dtype=object))


if __name__ == "__main__":
    import sys

    write_people(int(sys.argv[1]), Path(sys.argv[2]), 7)
