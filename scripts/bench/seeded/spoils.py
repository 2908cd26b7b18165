"""Ways to spoil a clean record: which records a defect can be put into, and what it does to their raw values."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from generator.countries import COUNTRIES
from seeded.clean import AS_OF, Record, number_in

__all__ = [
    "Seed",
    "anybody",
    "broken_mail",
    "city_with_code",
    "cut_name",
    "cut_number",
    "foreign_form",
    "foreign_number",
    "foreign_postcode",
    "is_company",
    "is_person",
    "lost_zero",
    "mangled",
    "mash",
    "minor",
    "of_country",
    "opted_in",
    "other_region",
    "put",
    "rounded_key",
    "seven_digits",
    "shared_mailbox",
    "stand_in",
    "swapped_times",
    "tomorrow",
    "with_domain",
    "with_mail_consent",
    "wrong_digit",
]

Seed = Callable[[Record, random.Random], None]


def is_person(record: Record) -> bool:
    return record["type"] == "P"


def is_company(record: Record) -> bool:
    return record["type"] == "C"


def anybody(_: Record) -> bool:
    return True


def opted_in(record: Record) -> bool:
    return is_person(record) and record["opt"] == "Y"


def of_country(*codes: str) -> Callable[[Record], bool]:
    return lambda record: record["country"] in codes


def put(**values: str | tuple[str, ...] | None) -> Seed:
    """Return what puts values into columns; of several one is drawn."""

    def seed(record: Record, rng: random.Random) -> None:
        record |= {name: rng.choice(v) if isinstance(v, tuple) else v for name, v in values.items()}

    return seed


def mangled(record: Record, rng: random.Random) -> None:
    name = rng.choice(("Müller", "Jürgens", "Sánchez", "Gonçalves", "Lefèvre", "Böhm", "Sørensen", "Núñez", "Peña", "Ibáñez"))
    record["family"] = name.encode("utf-8").decode("cp1252")


def stand_in(record: Record, rng: random.Random) -> None:
    record["given"], record["family"] = rng.choice(
        (("John", "Doe"), ("Jane", "Doe"), ("Max", "Mustermann"), ("Erika", "Mustermann"))
    )


def mash(record: Record, rng: random.Random) -> None:
    record["family"] = "".join(rng.choices("bcdfghklmnprstvwxz", k=9)).capitalize()


def minor(record: Record, rng: random.Random) -> None:
    record["born"] = str(AS_OF - timedelta(days=rng.randrange(2000, 5500)))


def broken_mail(record: Record, rng: random.Random) -> None:
    mailbox, _, domain = record["mail"].partition("@")
    record["mail"] = rng.choice(
        (f"{mailbox} at {domain}", f"{mailbox}@@{domain}", f"{mailbox}@{domain.split('.')[0]}", f"{mailbox}.{domain}")
    )


def with_domain(pick: Callable[[random.Random], str]) -> Seed:
    def seed(record: Record, rng: random.Random) -> None:
        record["mail"] = f"{record['mail'].partition('@')[0]}@{pick(rng)}"

    return seed


def shared_mailbox(record: Record, _: random.Random) -> None:
    record["mail"] = (
        f"info@{''.join(c for c in record['family'].lower() if c.isascii() and c.isalpha())}-{record['id'].lower()}.com"
    )


def cut_number(record: Record, rng: random.Random) -> None:
    record["mobile"] = record["mobile"].replace(" ", "")[: rng.choice((6, 7))]


def foreign_number(record: Record, rng: random.Random) -> None:
    others = [c for c in COUNTRIES if c.code in ("DE", "FR", "BR", "SE", "JP") and c.code != record["country"]]
    record["mobile"] = number_in(rng.choice(others), "mobile", rng)


def foreign_postcode(record: Record, rng: random.Random) -> None:
    record["zip"] = (
        rng.choice(("1234567890", "12 34", "101-0051")) if record["country"] == "GB" else rng.choice(("SW1A 1AA", "K1A 0B1"))
    )


def lost_zero(record: Record, _: random.Random) -> None:
    record["zip"] = record["zip"].lstrip("0")


def city_with_code(record: Record, _: random.Random) -> None:
    record["city"] = f"{record['zip']} {record['city']}"


def other_region(record: Record, rng: random.Random) -> None:
    far = {"US": ("ME", "TX", "WA", "FL"), "AU": ("TAS", "WA", "QLD"), "BR": ("RS", "AM", "CE")}[record["country"]]
    record["region"] = rng.choice([region for region in far if region != record["region"]])


def wrong_digit(record: Record, rng: random.Random) -> None:
    number = record["vat"]
    record["vat"] = number[:-1] + str((int(number[-1]) + rng.randrange(1, 9)) % 10)


def seven_digits(record: Record, rng: random.Random) -> None:
    record["duns"] = record["duns"][: rng.choice((7, 8))]


def foreign_form(record: Record, rng: random.Random) -> None:
    record["firm"] = " ".join((*record["firm"].split()[:2], rng.choice(("GmbH", "Sdn Bhd", "Kft", "ApS"))))


def cut_name(record: Record, rng: random.Random) -> None:
    record["firm"] = record["firm"].split()[0] + rng.choice((" &", " and", ","))


def swapped_times(record: Record, _: random.Random) -> None:
    record["created"], record["changed"] = record["changed"], record["created"]


def tomorrow(column: str) -> Seed:
    def seed(record: Record, rng: random.Random) -> None:
        record[column] = str(AS_OF + timedelta(days=rng.randrange(30, 3000)))

    return seed


def rounded_key(record: Record, rng: random.Random) -> None:
    record["id"] = f"{rng.randrange(10, 99) / 10}{record['id'][1:]}E+1{rng.randrange(1, 6)}"


def with_mail_consent(rule: str) -> tuple[tuple[Callable[[Record], bool], str], ...]:
    return ((opted_in, rule),)
