"""The defects that are put into clean records, and the rules that must find each of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from onefold.cleanse.reference import disposable_domains
from onefold.quality.reference import reference
from seeded.clean import Record
from seeded.spoils import (
    Seed,
    anybody,
    broken_mail,
    city_with_code,
    cut_name,
    cut_number,
    foreign_form,
    foreign_number,
    foreign_postcode,
    is_company,
    is_person,
    lost_zero,
    mangled,
    mash,
    minor,
    of_country,
    opted_in,
    other_region,
    put,
    rounded_key,
    seven_digits,
    shared_mailbox,
    stand_in,
    swapped_times,
    tomorrow,
    with_domain,
    with_mail_consent,
    wrong_digit,
)

__all__ = ["DEFECTS", "SILVER", "TARGETS", "Defect", "seed_defects"]


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


DEFECTS: tuple[Defect, ...] = (
    # names
    Defect(
        "given name is a filler",
        put(given=("asdf", "Vorname", "test", "firstname")),
        ("name_no_placeholder", "given_name_present"),
        is_person,
    ),
    Defect("family name missing", put(family=(None, "N/A", "-")), ("family_name_present",), is_person),
    Defect(
        "digits in the family name",
        lambda r, g: r.update(family=f"{r['family']}{g.randrange(2, 99)}"),
        ("family_name_without_digits",),
        is_person,
    ),
    Defect("wrong encoding", mangled, ("family_name_encoded_well",), is_person),
    Defect("stand-in", stand_in, ("name_no_stand_in", "name_no_placeholder"), is_person),
    Defect(
        "initial only",
        lambda r, g: r.update(given=g.choice((r["given"][0], f"{r['given'][0]}."))),
        ("given_name_in_full",),
        is_person,
    ),
    Defect(
        "two people in one record",
        put(given=("Anna & Paul", "Maria und Josef", "Jean et Marie", "Tom and Sue")),
        ("name_of_one_person",),
        is_person,
    ),
    Defect(
        "marked as dead",
        lambda r, g: r.update(family=f"{r['family']} {g.choice(('deceased', 'verstorben', 'DO NOT CONTACT'))}"),
        ("name_says_nobody_left",),
        is_person,
    ),
    Defect(
        "given name copied into family name",
        lambda r, _: r.update(family=r["given"]),
        ("given_and_family_name_differ",),
        is_person,
    ),
    Defect("keyboard mash", mash, ("family_name_pronounceable",), is_person),
    Defect(
        "salutation against gender",
        lambda r, _: r.update(title="Ms" if r["gender"] == "M" else "Mr"),
        ("name_title_agrees_with_gender",),
        is_person,
    ),
    # dates
    Defect(
        "impossible birth date",
        put(born=("1985-02-31", "1970-13-05", "1991-00-10", "not known")),
        ("birth_date_readable",),
        is_person,
    ),
    Defect("default birth date", put(born=("1900-01-01", "1970-01-01", "9999-12-31")), ("birth_date_no_default",), is_person),
    Defect("birth in the future", tomorrow("born"), ("birth_date_not_said_to_be_future",), is_person),
    Defect("a child", minor, ("person_not_a_minor",), is_person, with_mail_consent("opt_in_not_of_a_minor")),
    Defect("changed before created", swapped_times, ("updated_after_created",), anybody),
    Defect("changed in the future", tomorrow("changed"), ("updated_at_not_in_future",), anybody),
    # e-mail and phone
    Defect("broken e-mail", broken_mail, ("email_well_formed",), is_person),
    Defect(
        "placeholder e-mail",
        put(mail=("test@test.com", "noemail@noemail.com", "noreply@gmail.com")),
        ("email_no_placeholder",),
        is_person,
    ),
    Defect(
        "mistyped mail provider",
        with_domain(lambda g: g.choice(sorted(reference("mistyped_email_domains") - disposable_domains()))),
        ("email_domain_spelled_right",),
        is_person,
    ),
    Defect(
        "throw-away e-mail", with_domain(lambda g: g.choice(sorted(disposable_domains()))), ("email_not_disposable",), is_person
    ),
    Defect(
        "shared mailbox",
        shared_mailbox,
        ("person_email_is_personal",),
        is_person,
        with_mail_consent("opt_in_not_of_a_shared_mailbox"),
    ),
    Defect("number cut off", cut_number, ("phone_valid",), is_person),
    Defect("placeholder number", put(mobile=("0000000000", "1111111111", "1234567890")), ("phone_no_placeholder",), is_person),
    Defect("number of another country", foreign_number, ("phone_fits_country",), is_person),
    # addresses
    Defect(
        "postcode of another country",
        foreign_postcode,
        ("postcode_fits_country",),
        of_country("GB", "DE", "FR", "NL", "SE", "IT", "ES"),
    ),
    Defect(
        "postcode without its zero",
        lost_zero,
        ("postcode_kept_its_zero", "postcode_fits_country"),
        lambda r: r["country"] in ("DE", "FR", "IT", "ES") and r["zip"].startswith("0"),
    ),
    Defect(
        "postcode in the town",
        city_with_code,
        ("city_without_digits",),
        of_country("DE", "NL", "SE", "IT", "ES", "US", "AU", "BR"),
    ),
    Defect(
        "region of another place",
        other_region,
        ("postcode_fits_region",),
        lambda r: r["country"] in ("US", "AU", "BR") and r["region"] is not None,
    ),
    Defect(
        "unknown country",
        put(country=("Atlantis", "ZZ", "Elsewhere")),
        ("country_understood", "address_country_understood"),
        anybody,
    ),
    Defect(
        "street is a filler",
        put(street=("Unknown street", "Teststraße", "keine Angabe", "no address")),
        ("street_no_placeholder",),
        anybody,
    ),
    # companies
    Defect(
        "wrong VAT check digit",
        wrong_digit,
        ("vat_valid",),
        lambda r: is_company(r) and r["vat"] is not None and r["country"] in ("DE", "FR", "GB", "IT", "ES", "SE"),
    ),
    Defect("D-U-N-S number too short", seven_digits, ("duns_valid",), is_company),
    Defect(
        "legal form of another country",
        foreign_form,
        ("legal_form_fits_country",),
        lambda r: is_company(r) and r["country"] not in ("DE", "IT"),
    ),
    Defect("company name cut off", cut_name, ("company_name_not_cut",), is_company),
    Defect(
        "company name is a filler",
        put(firm=("Privat", "no company", "Unbekannt", "self-employed")),
        ("company_name_no_placeholder",),
        is_company,
    ),
    Defect(
        "test company",
        put(firm=("Test Ltd", "Test Company", "Testfirma", "Dummy Company")),
        ("record_is_no_test", "company_name_no_placeholder"),
        is_company,
    ),
    # consent and keys
    Defect("unknown consent code", put(opt=("maybe", "2", "J")), ("consent_code_understood",), is_person),
    Defect("yes and no at once", lambda r, _: r.update(opt="Y", opt_again="N"), ("consent_without_contradiction",), is_person),
    Defect("consent from the future", tomorrow("opt_at"), ("consent_not_given_in_future",), is_person),
    Defect("key rounded by a spreadsheet", rounded_key, ("record_key_not_scientific",), anybody),
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
        people = [row for row in free if is_person(records[row]) and not opted_in(records[row])][:wanted]
        later |= {records[row]["id"]: name for row in people}
        truth |= {records[row]["id"]: (name, frozenset(rules)) for row in people}
        free = [row for row in free if row not in set(people)]
    return truth, later
