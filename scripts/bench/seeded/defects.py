"""The defects that are put into clean records, and the rules that must find each of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from generator.countries import COUNTRIES
from onefold.cleanse.reference import disposable_domains
from onefold.quality.reference import reference
from seeded.clean import AS_OF, Record, number_in

__all__ = ["DEFECTS", "SILVER", "TARGETS", "Defect", "seed_defects"]

Seed = Callable[[Record, random.Random], None]


@dataclass(frozen=True)
class Defect:
    """One kind of defect: what it does to a raw record, the rules that must then fail, and which records it can be put into.

    `also` are rules that fail too where a further condition of the record holds.
    """

    name: str
    seed: Seed
    rules: tuple[str, ...]
    fits: Callable[[Record], bool]
    also: tuple[tuple[Callable[[Record], bool], str], ...] = ()


def _person(record: Record) -> bool:
    return record["type"] == "P"


def _company(record: Record) -> bool:
    return record["type"] == "C"


def _any(_: Record) -> bool:
    return True


def _opted_in(record: Record) -> bool:
    return _person(record) and record["opt"] == "Y"


def _in(*codes: str) -> Callable[[Record], bool]:
    return lambda record: record["country"] in codes


def _put(**values: str | tuple[str, ...] | None) -> Seed:
    """Return what puts values into columns; of several one is drawn."""

    def seed(record: Record, rng: random.Random) -> None:
        record |= {name: rng.choice(v) if isinstance(v, tuple) else v for name, v in values.items()}

    return seed


def _mangled(record: Record, rng: random.Random) -> None:
    name = rng.choice(("Müller", "Jürgens", "Sánchez", "Gonçalves", "Lefèvre", "Böhm", "Sørensen", "Núñez", "Peña", "Ibáñez"))
    record["family"] = name.encode("utf-8").decode("cp1252")


def _stand_in(record: Record, rng: random.Random) -> None:
    record["given"], record["family"] = rng.choice(
        (("John", "Doe"), ("Jane", "Doe"), ("Max", "Mustermann"), ("Erika", "Mustermann"))
    )


def _mash(record: Record, rng: random.Random) -> None:
    record["family"] = "".join(rng.choices("bcdfghklmnprstvwxz", k=9)).capitalize()


def _minor(record: Record, rng: random.Random) -> None:
    record["born"] = str(AS_OF - timedelta(days=rng.randrange(2000, 5500)))


def _broken_mail(record: Record, rng: random.Random) -> None:
    mailbox, _, domain = record["mail"].partition("@")
    record["mail"] = rng.choice(
        (f"{mailbox} at {domain}", f"{mailbox}@@{domain}", f"{mailbox}@{domain.split('.')[0]}", f"{mailbox}.{domain}")
    )


def _domain(pick: Callable[[random.Random], str]) -> Seed:
    def seed(record: Record, rng: random.Random) -> None:
        record["mail"] = f"{record['mail'].partition('@')[0]}@{pick(rng)}"

    return seed


def _shared_mailbox(record: Record, _: random.Random) -> None:
    record["mail"] = (
        f"info@{''.join(c for c in record['family'].lower() if c.isascii() and c.isalpha())}-{record['id'].lower()}.com"
    )


def _cut_number(record: Record, rng: random.Random) -> None:
    record["mobile"] = record["mobile"].replace(" ", "")[: rng.choice((6, 7))]


def _foreign_number(record: Record, rng: random.Random) -> None:
    others = [c for c in COUNTRIES if c.code in ("DE", "FR", "BR", "SE", "JP") and c.code != record["country"]]
    record["mobile"] = number_in(rng.choice(others), "mobile", rng)


def _foreign_postcode(record: Record, rng: random.Random) -> None:
    record["zip"] = (
        rng.choice(("1234567890", "12 34", "101-0051")) if record["country"] == "GB" else rng.choice(("SW1A 1AA", "K1A 0B1"))
    )


def _lost_zero(record: Record, _: random.Random) -> None:
    record["zip"] = record["zip"].lstrip("0")


def _city_with_code(record: Record, _: random.Random) -> None:
    record["city"] = f"{record['zip']} {record['city']}"


def _other_region(record: Record, rng: random.Random) -> None:
    far = {"US": ("ME", "TX", "WA", "FL"), "AU": ("TAS", "WA", "QLD"), "BR": ("RS", "AM", "CE")}[record["country"]]
    record["region"] = rng.choice([region for region in far if region != record["region"]])


def _wrong_digit(record: Record, rng: random.Random) -> None:
    number = record["vat"]
    record["vat"] = number[:-1] + str((int(number[-1]) + rng.randrange(1, 9)) % 10)


def _seven_digits(record: Record, rng: random.Random) -> None:
    record["duns"] = record["duns"][: rng.choice((7, 8))]


def _foreign_form(record: Record, rng: random.Random) -> None:
    record["firm"] = " ".join((*record["firm"].split()[:2], rng.choice(("GmbH", "Sdn Bhd", "Kft", "ApS"))))


def _cut_name(record: Record, rng: random.Random) -> None:
    record["firm"] = record["firm"].split()[0] + rng.choice((" &", " and", ","))


def _swapped_times(record: Record, _: random.Random) -> None:
    record["created"], record["changed"] = record["changed"], record["created"]


def _tomorrow(column: str) -> Seed:
    def seed(record: Record, rng: random.Random) -> None:
        record[column] = str(AS_OF + timedelta(days=rng.randrange(30, 3000)))

    return seed


def _rounded_key(record: Record, rng: random.Random) -> None:
    record["id"] = f"{rng.randrange(10, 99) / 10}{record['id'][1:]}E+1{rng.randrange(1, 6)}"


def _with_mail_consent(rule: str) -> tuple[tuple[Callable[[Record], bool], str], ...]:
    return ((_opted_in, rule),)


DEFECTS: tuple[Defect, ...] = (
    # names
    Defect(
        "given name is a filler",
        _put(given=("asdf", "Vorname", "test", "firstname")),
        ("name_no_placeholder", "given_name_present"),
        _person,
    ),
    Defect("family name missing", _put(family=(None, "N/A", "-")), ("family_name_present",), _person),
    Defect(
        "digits in the family name",
        lambda r, g: r.update(family=f"{r['family']}{g.randrange(2, 99)}"),
        ("family_name_without_digits",),
        _person,
    ),
    Defect("wrong encoding", _mangled, ("family_name_encoded_well",), _person),
    Defect("stand-in", _stand_in, ("name_no_stand_in", "name_no_placeholder"), _person),
    Defect(
        "initial only",
        lambda r, g: r.update(given=g.choice((r["given"][0], f"{r['given'][0]}."))),
        ("given_name_in_full",),
        _person,
    ),
    Defect(
        "two people in one record",
        _put(given=("Anna & Paul", "Maria und Josef", "Jean et Marie", "Tom and Sue")),
        ("name_of_one_person",),
        _person,
    ),
    Defect(
        "marked as dead",
        lambda r, g: r.update(family=f"{r['family']} {g.choice(('deceased', 'verstorben', 'DO NOT CONTACT'))}"),
        ("name_says_nobody_left",),
        _person,
    ),
    Defect(
        "given name copied into family name", lambda r, _: r.update(family=r["given"]), ("given_and_family_name_differ",), _person
    ),
    Defect("keyboard mash", _mash, ("family_name_pronounceable",), _person),
    Defect(
        "salutation against gender",
        lambda r, _: r.update(title="Ms" if r["gender"] == "M" else "Mr"),
        ("name_title_agrees_with_gender",),
        _person,
    ),
    # dates
    Defect(
        "impossible birth date",
        _put(born=("1985-02-31", "1970-13-05", "1991-00-10", "not known")),
        ("birth_date_readable",),
        _person,
    ),
    Defect("default birth date", _put(born=("1900-01-01", "1970-01-01", "9999-12-31")), ("birth_date_no_default",), _person),
    Defect("birth in the future", _tomorrow("born"), ("birth_date_not_said_to_be_future",), _person),
    Defect("a child", _minor, ("person_not_a_minor",), _person, _with_mail_consent("opt_in_not_of_a_minor")),
    Defect("changed before created", _swapped_times, ("updated_after_created",), _any),
    Defect("changed in the future", _tomorrow("changed"), ("updated_at_not_in_future",), _any),
    # e-mail and phone
    Defect("broken e-mail", _broken_mail, ("email_well_formed",), _person),
    Defect(
        "placeholder e-mail",
        _put(mail=("test@test.com", "noemail@noemail.com", "noreply@gmail.com")),
        ("email_no_placeholder",),
        _person,
    ),
    Defect(
        "mistyped mail provider",
        _domain(lambda g: g.choice(sorted(reference("mistyped_email_domains") - disposable_domains()))),
        ("email_domain_spelled_right",),
        _person,
    ),
    Defect("throw-away e-mail", _domain(lambda g: g.choice(sorted(disposable_domains()))), ("email_not_disposable",), _person),
    Defect(
        "shared mailbox",
        _shared_mailbox,
        ("person_email_is_personal",),
        _person,
        _with_mail_consent("opt_in_not_of_a_shared_mailbox"),
    ),
    Defect("number cut off", _cut_number, ("phone_valid",), _person),
    Defect("placeholder number", _put(mobile=("0000000000", "1111111111", "1234567890")), ("phone_no_placeholder",), _person),
    Defect("number of another country", _foreign_number, ("phone_fits_country",), _person),
    # addresses
    Defect(
        "postcode of another country",
        _foreign_postcode,
        ("postcode_fits_country",),
        _in("GB", "DE", "FR", "NL", "SE", "IT", "ES"),
    ),
    Defect(
        "postcode without its zero",
        _lost_zero,
        ("postcode_kept_its_zero", "postcode_fits_country"),
        lambda r: r["country"] in ("DE", "FR", "IT", "ES") and r["zip"].startswith("0"),
    ),
    Defect(
        "postcode in the town", _city_with_code, ("city_without_digits",), _in("DE", "NL", "SE", "IT", "ES", "US", "AU", "BR")
    ),
    Defect(
        "region of another place",
        _other_region,
        ("postcode_fits_region",),
        lambda r: r["country"] in ("US", "AU", "BR") and r["region"] is not None,
    ),
    Defect(
        "unknown country",
        _put(country=("Atlantis", "ZZ", "Elsewhere")),
        ("country_understood", "address_country_understood"),
        _any,
    ),
    Defect(
        "street is a filler",
        _put(street=("Unknown street", "Teststraße", "keine Angabe", "no address")),
        ("street_no_placeholder",),
        _any,
    ),
    # companies
    Defect(
        "wrong VAT check digit",
        _wrong_digit,
        ("vat_valid",),
        lambda r: _company(r) and r["vat"] is not None and r["country"] in ("DE", "FR", "GB", "IT", "ES", "SE"),
    ),
    Defect("D-U-N-S number too short", _seven_digits, ("duns_valid",), _company),
    Defect(
        "legal form of another country",
        _foreign_form,
        ("legal_form_fits_country",),
        lambda r: _company(r) and r["country"] not in ("DE", "IT"),
    ),
    Defect("company name cut off", _cut_name, ("company_name_not_cut",), _company),
    Defect(
        "company name is a filler",
        _put(firm=("Privat", "no company", "Unbekannt", "self-employed")),
        ("company_name_no_placeholder",),
        _company,
    ),
    Defect(
        "test company",
        _put(firm=("Test Ltd", "Test Company", "Testfirma", "Dummy Company")),
        ("record_is_no_test", "company_name_no_placeholder"),
        _company,
    ),
    # consent and keys
    Defect("unknown consent code", _put(opt=("maybe", "2", "J")), ("consent_code_understood",), _person),
    Defect("yes and no at once", lambda r, _: r.update(opt="Y", opt_again="N"), ("consent_without_contradiction",), _person),
    Defect("consent from the future", _tomorrow("opt_at"), ("consent_not_given_in_future",), _person),
    Defect("key rounded by a spreadsheet", _rounded_key, ("record_key_not_scientific",), _any),
)
"""Defects put into raw records, before cleansing."""

SILVER: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "birth after the file": (("birth_date_possible", "person_not_a_minor"), {"birth_date": "date_add(to_date(as_of), 400)"}),
    "country code of another list": (("country_is_iso", "phone_fits_country"), {"country": "'UK'"}),
    "number not in international form": (("phone_in_international_form",), {"phone": "'0171 2345678'"}),
}
"""Defects put into cleansed records, which cleansing itself would never let through: the rules, and columns with their SQL."""

TARGETS: tuple[str, ...] = tuple(
    sorted(
        {rule for d in DEFECTS for rule in (*d.rules, *(r for _, r in d.also))}
        | {rule for rules, _ in SILVER.values() for rule in rules}
    )
)
"""Rules that some defect is meant for; only these are judged."""


def seed_defects(records: list[Record], share: float, seed: int) -> tuple[dict[str, tuple[str, frozenset[str]]], dict[str, str]]:
    """Put each defect into its share of all records, at most one into a record.

    Returns the truth by key, as defect and rules that must fail, and by key the defect that is to be put into silver.
    """
    rng = random.Random(seed)
    free = list(range(len(records)))
    rng.shuffle(free)
    truth: dict[str, tuple[str, frozenset[str]]] = {}
    wanted = max(1, round(share * len(records)))
    for defect in sorted(DEFECTS, key=lambda d: sum(d.fits(records[row]) for row in free)):
        rows = [row for row in free if defect.fits(records[row])][:wanted]
        for row in rows:
            record = records[row]
            must = frozenset((*defect.rules, *(rule for holds, rule in defect.also if holds(record))))
            defect.seed(record, rng)
            truth[record["id"]] = (defect.name, must)
        taken = set(rows)
        free = [row for row in free if row not in taken]
    later: dict[str, str] = {}
    for name, (rules, _) in SILVER.items():
        # Without a consent, so that no rule about consents has a say.
        people = [row for row in free if _person(records[row]) and not _opted_in(records[row])][:wanted]
        later |= {records[row]["id"]: name for row in people}
        truth |= {records[row]["id"]: (name, frozenset(rules)) for row in people}
        free = [row for row in free if row not in set(people)]
    return truth, later
