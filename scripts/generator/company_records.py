"""Companies as their source records show them: other legal-form spellings, abbreviations, acronyms, departments, branches."""

from __future__ import annotations

from functools import partial

import numpy as np

from generator.columns import Array, Columns, chosen, digits, edited, joined, mapped, taken, where
from generator.company_names import abbreviated, acronym, other_form
from generator.countries import CODES
from generator.defects import Marks
from generator.place_records import addressed
from generator.record import blank, has, lifecycle, rate
from generator.typos import digit_slip, slip
from generator.vocabulary import ascii_folded

__all__ = ["company_records"]

_DEPARTMENTS = (
    "Accounts Payable",
    "Einkauf",
    "Purchasing",
    "Buchhaltung",
    "IT Department",
    "Compras",
    "Comptabilité",
    "Warehouse",
)


def _forms(rng: np.random.Generator, c: Columns, marks: Marks) -> Array:
    """Return the legal form as the record spells it, None where it leaves it out."""
    size = len(c["form"])
    pick = rng.random(size)
    variant, lost = (pick >= 0.5) & (pick < 0.82), pick >= 0.82
    form = c["form"].copy()
    for position, code in enumerate(CODES):
        rows = variant & (c["country"] == position)
        form = edited(form, rows, partial(other_form, code), rng)
    marks.set("legal_form_variant", variant)
    marks.set("legal_form_missing", lost)
    return where(lost, None, form)


def _names(rng: np.random.Generator, c: Columns, system: Array, marks: Marks, department: Array) -> Array:
    """Write the company's name the way the record has it."""
    size, dirt = len(system), rate(system, "dirt")
    renamed = (c["old_descriptor"] != None) & (rng.random(size) < 0.5 * rate(system, "stale"))  # noqa: E711 - element-wise
    base = joined(" ", c["core"], where(renamed, c["old_descriptor"], c["descriptor"]))
    short = rng.random(size) < 0.15
    before = base
    base = edited(base, short, abbreviated, rng)
    initials = ~renamed & (c["kind"] == "alone") & (c["domain"] != None) & (rng.random(size) < 0.02)  # noqa: E711
    base = edited(base, initials, acronym, rng)
    slipped = ~initials & (rng.random(size) < 0.025 * dirt)
    base = edited(base, slipped, slip, rng)
    town = where((rng.random(size) < 0.8) | (rate(system, "company") < 0.4), c["town"], None)
    name = mapped(joined(" ", base, _forms(rng, c, marks), town), lambda text: text.replace(" ,", ","))
    name = joined(" - ", name, where(department, chosen(rng, _DEPARTMENTS, size), None))
    folded = rng.random(size) < rate(system, "folded")
    name[folded] = mapped(name[folded], ascii_folded)
    for defect, mask in {"stale_name": renamed, "abbreviated_name": short & (before != base) & ~slipped, "typo_company": slipped,
                         "acronym": initials & (base != before), "department": department}.items():  # fmt: skip
        marks.set(defect, mask)
    return name


def _identifiers(rng: np.random.Generator, c: Columns, system: Array, marks: Marks, department: Array) -> Columns:
    """Keep, mistype or lose the company's numbers; a department elsewhere and a branch always show the D-U-N-S number."""
    size = len(system)
    shown = has(rng, system, "duns") | (rate(system, "company") >= 0.4) & (department | (c["kind"] == "branch"))
    slipped = shown & ~department & (rng.random(size) < 0.008)
    marks.set("typo_identifier", slipped)
    duns = where(shown, edited(c["duns"], slipped, digit_slip, rng), None)
    hyphen = rng.random(size) < 0.2
    duns[hyphen] = mapped(duns[hyphen], lambda text: f"{text[:2]}-{text[2:5]}-{text[5:]}")
    vat, registration = (where(has(rng, system, name), c[name], None) for name in ("vat", "registration"))
    marks.set("missing_identifiers", (duns == None) & (vat == None) & (registration == None))  # noqa: E711
    return {"duns": duns, "vat": vat, "registration": registration}


def _contacts(rng: np.random.Generator, c: Columns, system: Array, marks: Marks) -> Columns:
    """Return the company's mailbox, switchboard or extension, and website."""
    size = len(system)
    stale = rng.random(size) < 0.25 * rate(system, "stale")
    with_email, with_phone = has(rng, system, "email"), rng.random(size) < 0.85
    box = where(rng.random(size) < 0.8, c["box"], chosen(rng, ("info", "accounting", "service"), size))
    email = where(with_email & (c["domain"] != None), box + "@" + where(c["domain"] == None, "", c["domain"]), None)  # noqa: E711
    extension = rng.random(size) < 0.15
    number = where(stale, c["subscriber2"], c["subscriber"])
    number[extension] = mapped(number[extension], lambda text: text[:-2]) + digits(rng.integers(10, 99, int(extension.sum())), 2)
    fake = ~with_email & (rng.random(size) < 0.04)
    marks.set("missing_email", email == None)  # noqa: E711
    marks.set("stale_phone", stale & with_phone)
    marks.set("missing_phone", ~with_phone)
    marks.set("sentinel", fake)
    return {
        "email": where(fake, "N/A", email), "area": where(stale, c["area2"], c["area"]),
        "subscriber": where(with_phone, number, None),
        "website": where(rng.random(size) < 0.6, "www." + where(c["domain"] == None, "", c["domain"]), None),  # noqa: E711
    }  # fmt: skip


def company_records(rng: np.random.Generator, companies: Columns, at: tuple[Array, Array, Array], as_of_day: int) -> Columns:
    """Return one record for each membership `at` (entity, system, repeat) of the companies."""
    entity, system, repeat = at
    c, size = taken(companies, entity), len(entity)
    marks, out = Marks(size), blank(size)
    department = (c["kind"] == "alone") & (rate(system, "company") >= 0.4) & (rng.random(size) < 0.03)
    elsewhere = department & (rng.random(size) < 0.4)
    moved = c["moved"] & (rng.random(size) < rate(system, "stale")) & ~department
    out.update(is_company=np.ones(size, dtype=np.int64), entity=entity, system=system, cluster=c["cluster"], country=c["country"])
    out["company"] = _names(rng, c, system, marks, department)
    out.update(addressed(rng, c, system, marks, moved | elsewhere))
    marks.clear("stale_address", elsewhere)
    out.update(_identifiers(rng, c, system, marks, department))
    out.update(_contacts(rng, c, system, marks))
    out["industry"] = where(rng.random(size) < 0.7, c["industry"], None)
    out["employees"] = np.where(rng.random(size) < 0.5, c["employees"], 0)
    lost = (out["street"] == None) & (out["duns"] == None) & (out["vat"] == None) & (out["email"] == None)  # noqa: E711
    for name in ("street", "house", "city", "region", "postcode"):
        out[name] = where(lost, c[name], out[name])
    marks.clear("missing_address", lost)
    for defect, kind in (("branch", "branch"), ("group_company", "group"), ("like_named_neighbour", "neighbour")):
        marks.set(defect, c["kind"] == kind)
    marks.set("repeat_in_source", repeat)
    leaning = rng.choice((1, 0, -1), int(entity.max(initial=0)) + 1, p=(0.4, 0.4, 0.2))[entity]
    out.update(lifecycle(rng, system, moved, leaning, as_of_day))
    out["website"] = where(out["website"] == "www.", None, out["website"])
    out["defects"] = marks.bits
    return out
