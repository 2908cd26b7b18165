"""The people behind the records: households, twins, juniors and seniors, same-name strangers, employees."""

from __future__ import annotations

import numpy as np

from generator.addresses import draw_addresses
from generator.columns import Array, Columns, chosen, digits, joined, taken, texts, where
from generator.countries import CODES, COUNTRIES
from generator.emails import personal, work
from generator.phones import numbers
from generator.vocabulary import given_names, surnames

__all__ = ["draw_people"]

_DAY = np.datetime64("1970-01-01")
_SHARES = tuple(c.share for c in COUNTRIES)
_DOUBLE = [CODES.index("ES"), CODES.index("BR")]
_JOBS = ("Managing Director", "Buyer", "IT Manager", "Accountant", "Sales Manager", "Engineer", "Office Manager",
         "HR Manager", "Head of Marketing", "Technician", "Consultant", "Operations Manager",
         "Assistant", "Product Manager", "CEO")  # fmt: skip


def _households(rng: np.random.Generator, size: int) -> tuple[Array, Array, Array]:
    """Return each person's household, place in it (0 the first) and the household's size."""
    sizes = rng.choice((1, 2, 3, 4), size, p=(0.66, 0.22, 0.08, 0.04))
    household = np.repeat(np.arange(size), sizes)[:size]
    start = np.searchsorted(household, household)
    return household, np.arange(size) - start, np.bincount(household, minlength=size)[household]


def _births(rng: np.random.Generator, household: Array, rank: Array) -> Array:
    """Return birth days (days since 1970): partners of like age, children a generation later."""
    size = len(household)
    first = rng.integers(-14_600, 9_000, size)[household]
    partner = first + rng.normal(0, 1400, size).astype(int)
    child = np.minimum(first + rng.integers(8_400, 12_800, size), 10_500 + rng.integers(0, 1_500, size))
    return np.where(rank == 0, first, np.where(rank == 1, partner, child))


def _special(rng: np.random.Generator, people: Columns) -> None:
    """Make some second members juniors of the first, some last members twins of the one before, some strangers namesakes."""
    rank, birth = people["rank"], people["birth"]
    before = np.maximum(np.arange(len(rank)) - 1, 0)
    junior = (rank == 1) & (rng.random(len(rank)) < 0.03) & ~people["female"][before] & (birth[before] < 500)
    twin = (rank >= 1) & ~junior & (rng.random(len(rank)) < 0.02) & ~np.concatenate([junior[:1], junior[:-1]])
    twin &= ~np.concatenate([[False], twin[:-1]])
    for name in ("given_at", "family_at", "second_at", "female"):
        people[name][junior] = people[name][before][junior]
    birth[junior] = birth[before][junior] + rng.integers(8_000, 11_500, int(junior.sum()))
    suffix = np.full(len(rank), None, dtype=object)
    suffix[junior], suffix[before[junior]] = "Jr", "Sr"
    for name in ("family_at", "second_at"):
        people[name][twin] = people[name][before][twin]
    birth[twin] = birth[before][twin]
    people.update(suffix=suffix, twin=twin | np.isin(np.arange(len(rank)), before[twin]), junior=junior)


def _distinct_given(rng: np.random.Generator, people: Columns) -> None:
    """Redraw given names until no two members of a household share one (a junior keeps his father's)."""
    group = 2 * people["country"] + people["female"]
    for _ in range(6):
        key = people["household"] * 100_000 + people["given_at"]
        _, first = np.unique(key, return_index=True)
        again = np.ones(len(key), dtype=bool)
        again[first] = False
        again &= ~people["junior"]
        if not again.any():
            break
        people["given_at"][again] = given_names().draw(rng, group[again])


def _namesakes(rng: np.random.Generator, people: Columns) -> None:
    """Give one in a hundred people living alone the whole name of a stranger of the same country and gender."""
    order = np.lexsort((rng.random(len(people["country"])), people["female"], people["country"]))
    before = np.empty(len(order), dtype=int)
    before[order[1:]], before[order[0]] = order[:-1], order[0]
    same = (people["country"] == people["country"][before]) & (people["female"] == people["female"][before])
    pick = same & (people["members"] == 1) & (rng.random(len(order)) < 0.01)
    for name in ("given_at", "family_at", "second_at"):
        people[name][pick] = people[name][before][pick]
    people["namesake"] = pick


def _names(rng: np.random.Generator, people: Columns) -> Columns:
    """Write the drawn names out, in Latin and, where there is one, in native script."""
    country, female, size = people["country"], people["female"], len(people["country"])
    family, second = (surnames().get("name", people[k]) for k in ("family_at", "second_at"))
    native = surnames().get("native", people["family_at"])
    ending = texts(str(name)[-2:] in ("ov", "ev", "in", "yn") for name in family).astype(bool)
    russian = (country == CODES.index("RU")) & female & ending
    family, native = where(russian, family + "a", family), where(russian, joined("", native, where(russian, "а", None)), native)
    double = np.isin(country, _DOUBLE) & (rng.random(size) < 0.8) & (family != second)
    middle = given_names().get("name", given_names().draw(rng, 2 * country + female))
    english = np.isin(country, [CODES.index(code) for code in ("US", "GB", "AU")])
    maiden = surnames().get("name", surnames().draw(rng, country))
    return {
        "given": given_names().get("name", people["given_at"]), "given_native": given_names().get("native", people["given_at"]),
        "family": family, "family_native": native, "second_family": where(double, second, None),
        "middle": where(english & (rng.random(size) < 0.5), middle, None),
        "maiden": where(female & (people["birth"] < 11_000) & (rng.random(size) < 0.13) & ~people["twin"], maiden, None),
        "title": where(rng.random(size) < 0.02, "Dr.", where(female, "Mrs", "Mr")),
    }  # fmt: skip


def _employers(rng: np.random.Generator, country: Array, companies: Columns) -> Array:
    """Return for each person the position of an employer in the same country, or -1."""
    out = np.full(len(country), -1)
    for position in range(len(COUNTRIES)):
        staff = np.flatnonzero(country == position)
        firms = np.flatnonzero(companies["country"] == position)
        if len(firms) and len(staff):
            out[staff] = firms[(rng.random(len(staff)) ** 1.7 * len(firms)).astype(int)]
    out[rng.random(len(country)) < 0.45] = -1
    return out


def _contacts(rng: np.random.Generator, people: Columns, companies: Columns, seed: int, chunk: int) -> Columns:
    """Return e-mail addresses, telephone numbers and the employer of each person."""
    country, serial, size = people["country"], people["serial"], len(people["country"])
    year = (_DAY + people["birth"]).astype("datetime64[Y]").astype(int) + 1970
    employer = _employers(rng, country, companies)
    employed = employer >= 0
    domain = where(employed, companies["domain"][employer], None)
    free = [personal(rng, country, people["given"], people["family"], year, serial=serial * 2 + k, numbered=bool(chunk or k))
            for k in (0, 1)]  # fmt: skip
    office = work(rng, people["given"], people["family"], domain, serial)
    head = np.searchsorted(people["household"], people["household"])
    family_box = (people["members"] > 1) & (rng.random(size) < 0.05)[head]
    own = where(family_box, free[0][head], free[0])
    at_work = (office != None) & (rng.random(size) < 0.4)  # noqa: E711 - element-wise on objects
    mobile_area, mobile = numbers(country, serial * 2, mobile=True, seed=seed)
    old_area, old_mobile = numbers(country, serial * 2 + 1, mobile=True, seed=seed)
    land_area, land = numbers(country, serial * 2 + 900_000_001, mobile=False, seed=seed)
    return {
        "employer": where(employed, joined(" ", companies["name"], companies["form"])[employer], None),
        "email": where(at_work, office, own), "email2": where(at_work, own, office), "family_box": family_box & ~at_work,
        "old_email": where(rng.random(size) < 0.3, free[1], None),
        "area": mobile_area, "subscriber": mobile, "area2": land_area[head], "subscriber2": land[head],
        "old_area": old_area, "old_subscriber": where(rng.random(size) < 0.3, old_mobile, None),
        "job": where(employed, chosen(rng, _JOBS, size), None),
    }  # fmt: skip


def draw_people(rng: np.random.Generator, size: int, first: int, companies: Columns, *, seed: int, chunk: int) -> Columns:
    """Return `size` people; `first` is the global number of the first one."""
    household, rank, members = _households(rng, size)
    country = rng.choice(len(COUNTRIES), size, p=np.asarray(_SHARES) / sum(_SHARES))[household]
    female = rng.random(size) < 0.5
    family_at = surnames().draw(rng, country)
    own_name = rng.random(size) < 0.12
    people: Columns = {
        "serial": np.arange(first, first + size), "country": country, "household": household, "rank": rank, "members": members,
        "female": female, "birth": _births(rng, household, rank), "given_at": given_names().draw(rng, 2 * country + female),
        "family_at": np.where(own_name, family_at, family_at[np.searchsorted(household, household)]),
        "second_at": surnames().draw(rng, country),
    }  # fmt: skip
    _special(rng, people)
    _namesakes(rng, people)
    _distinct_given(rng, people)
    people.update(_names(rng, people))
    people.update(_contacts(rng, people, companies, seed, chunk))
    head = np.searchsorted(household, household)
    people.update(taken(draw_addresses(rng, country), head))
    old = taken(draw_addresses(rng, country), head)
    people.update({f"old_{name}": values for name, values in old.items()})
    people["moved"] = (rng.random(size) < 0.35)[head]
    people["cluster"] = "P" + digits(people["serial"], 9)
    return people
