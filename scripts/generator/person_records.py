"""People as their source records show them: renamed, misspelt, outdated, incomplete, but findable."""

from __future__ import annotations

from functools import partial

import numpy as np

from generator.columns import Array, Columns, edited, mapped, taken, where
from generator.countries import CODES
from generator.defects import Marks
from generator.place_records import addressed
from generator.plan import PROFILES
from generator.record import NO_DAY, blank, has, lifecycle, rate
from generator.typos import digit_slip, email_slip, slip
from generator.vocabulary import ascii_folded, nicknames

__all__ = ["person_records"]

_LEGACY = list(PROFILES).index("legacy_crm")
_PLACEHOLDERS = ("test@test.com", "N/A", "-", "UNKNOWN", "noemail@noemail.com")


def _nicknamed(rng: np.random.Generator, given: Array, country: Array, mask: Array) -> tuple[Array, Array]:
    """Return given names with nicknames on the masked rows that have one, and which rows changed."""
    out, table, changed = given.copy(), nicknames(), np.zeros(len(given), dtype=bool)
    rows = np.flatnonzero(mask)
    for row, draw in zip(rows.tolist(), rng.integers(0, 10**6, len(rows)).tolist(), strict=True):
        known = table[CODES[country[row]]].get(given[row])
        if known:
            out[row], changed[row] = known[draw % len(known)], True
    return out, changed


def _names(rng: np.random.Generator, p: Columns, system: Array, marks: Marks, stale: Array) -> Columns:
    """Write names the way the record has them."""
    size, dirt = len(system), rate(system, "dirt")
    native = (p["given_native"] != None) & (p["family_native"] != None) & (rng.random(size) < rate(system, "native"))  # noqa: E711
    given, changed = _nicknamed(rng, p["given"], p["country"], ~native & (rng.random(size) < 1.8 * rate(system, "nickname")))
    initial = ~native & ~changed & (rng.random(size) < 0.012 * dirt)
    given = where(initial, mapped(given, lambda name: name[:1] + "."), given)
    double = (p["second_family"] != None) & (rng.random(size) < rate(system, "second_surname"))  # noqa: E711
    single = (p["second_family"] != None) & ~double  # noqa: E711
    married = (stale == 4) & (p["maiden"] != None)  # noqa: E711
    family = where(married, p["maiden"], p["family"])
    family[double] = family[double] + " " + p["second_family"][double]
    slipped = [~native & ~initial & (rng.random(size) < share * dirt) for share in (0.016, 0.02)]
    given, family = edited(given, slipped[0], slip, rng), edited(family, slipped[1], slip, rng)
    given, family = where(native, p["given_native"], given), where(native, p["family_native"], family)
    folded, spelt = ~native & (rng.random(size) < rate(system, "folded")), rng.random(size) < 0.5
    for german in (True, False):
        rows = folded & (spelt == german)
        fold = partial(ascii_folded, german=german)
        given[rows], family[rows] = mapped(given[rows], fold), mapped(family[rows], fold)
    lost = rng.random(size) < 0.006 * dirt
    swap = ~lost & ~native & (rng.random(size) < 0.012 * dirt)
    given, family = where(swap, family, given), where(swap, given, family)
    for defect, mask in {
        "nickname": changed, "initial_only": initial, "one_surname": single, "stale_surname": married, "typo_given": slipped[0],
        "typo_family": slipped[1], "native_script": native, "missing_given": lost, "swapped_names": swap,
        "folded_letters": folded & (p["country"] > 1),
    }.items():  # fmt: skip
        marks.set(defect, mask)
    middle = where(rng.random(size) < rate(system, "middle"), p["middle"], None)
    middle = where(rng.random(size) < 0.45, mapped(middle, lambda name: name[:1]), middle)
    suffix = where(rng.random(size) < 0.9, p["suffix"], None)
    return {"given": where(lost, None, given), "family": family, "middle": middle, "suffix": suffix}


def _emails(rng: np.random.Generator, p: Columns, system: Array, marks: Marks, stale: Array) -> Columns:
    """Choose, outdate, misspell or lose the e-mail address."""
    size, dirt = len(system), rate(system, "dirt")
    other = (p["email2"] != None) & (rng.random(size) < rate(system, "alternate_email"))  # noqa: E711
    old = (stale == 2) & (p["old_email"] != None)  # noqa: E711
    email = where(old, p["old_email"], where(other, p["email2"], p["email"]))
    slipped = rng.random(size) < 0.008 * dirt
    email = edited(email, slipped, email_slip, rng)
    missing = ~has(rng, system, "email")
    fake = missing & (rng.random(size) < 0.10)
    email = where(missing, None, email)
    email[fake] = np.asarray(_PLACEHOLDERS, dtype=object)[rng.integers(0, len(_PLACEHOLDERS), int(fake.sum()))]
    masks = {"alternate_email": other & ~old & ~missing, "stale_email": old & ~missing, "typo_email": slipped & ~missing,
             "missing_email": missing, "sentinel": fake, "shared_email": p["family_box"] & ~missing}  # fmt: skip
    for defect, mask in masks.items():
        marks.set(defect, mask)
    second = where(has(rng, system, "email2") & ~other, p["email2"], None)
    return {"email": email, "email2": second}


def _phones(rng: np.random.Generator, p: Columns, system: Array, marks: Marks, stale: Array) -> Columns:
    """Choose, outdate, misdial or lose the telephone numbers: a mobile and the household's landline."""
    size, dirt = len(system), rate(system, "dirt")
    old = (stale == 3) & (p["old_subscriber"] != None)  # noqa: E711
    mobile = where(old, p["old_subscriber"], p["subscriber"])
    slipped = rng.random(size) < 0.012 * dirt
    mobile = edited(mobile, slipped, digit_slip, rng)
    with_mobile, with_phone = has(rng, system, "mobile"), has(rng, system, "phone")
    fake = ~with_mobile & (rng.random(size) < 0.02)
    masks = {"stale_phone": old & with_mobile, "typo_phone": slipped & with_mobile, "missing_phone": ~with_mobile & ~with_phone,
             "shared_phone": with_phone & (p["members"] > 1), "sentinel": fake}  # fmt: skip
    for defect, mask in masks.items():
        marks.set(defect, mask)
    return {
        "mobile_area": where(old, p["old_area"], p["area"]), "mobile": where(with_mobile, mobile, None),
        "area": p["area2"], "subscriber": where(with_phone, p["subscriber2"], None),
        "phone_text": where(fake, "0000000000", None),
    }  # fmt: skip


def _births(rng: np.random.Generator, p: Columns, system: Array, marks: Marks) -> Array:
    """Mistype, default or lose the birth date."""
    size, dirt = len(system), rate(system, "dirt")
    birth = p["birth"].astype("datetime64[D]")
    month = birth.astype("datetime64[M]")
    day = (birth - month.astype("datetime64[D]")).astype(int) + 1
    number = month.astype(int) % 12 + 1
    turned = (day <= 12) & (day != number) & (rng.random(size) < 0.02 * dirt)
    exchanged = (birth.astype("datetime64[Y]").astype("datetime64[M]") + (day - 1)).astype("datetime64[D]") + (number - 1)
    slipped = rng.random(size) < 0.008 * dirt
    moved = birth + np.asarray([1, -1, 10, -10, 365, 31])[rng.integers(0, 6, size)]
    out = np.where(turned, exchanged, np.where(slipped, moved, birth)).astype("datetime64[D]").astype(np.int64)
    missing = ~has(rng, system, "birth")
    default = missing & (rng.random(size) < 0.02) & (rate(system, "enough") == 2)
    marks.set("missing_birth_date", missing)
    marks.set("typo_birth_date", (turned | slipped) & ~missing)
    marks.set("sentinel", default)
    return np.where(default, np.where(system == _LEGACY, -25_567, 0), np.where(missing, NO_DAY, out))


def _findable(rng: np.random.Generator, p: Columns, out: Columns, marks: Marks) -> None:
    """Give records with too little to go by their current e-mail, then birth date or mobile number, back."""
    system = out["system"]
    email_bad = ("missing_email", "alternate_email", "stale_email", "typo_email", "shared_email")
    good_email = ~np.any([marks.has(name) for name in email_bad], axis=0)
    good_phone = (out["mobile"] != None) & ~marks.has("stale_phone") & ~marks.has("typo_phone")  # noqa: E711
    good_birth = (out["birth"] != NO_DAY) & ~marks.has("typo_birth_date") & ~marks.has("sentinel")
    good_place = ~marks.has("missing_address") & ~marks.has("stale_address")
    short = rate(system, "enough") - good_email - good_phone - good_birth - good_place
    allowed = rng.random(len(system)) < 0.97
    mail = allowed & (short > 0) & ~good_email
    out["email"] = where(mail, p["email"], out["email"])
    for name in email_bad:
        marks.clear(name, mail)
    short = short - mail
    dated = np.asarray([profile.has.get("birth", 0) > 0.3 for profile in PROFILES.values()])[system]
    day = allowed & (short > 0) & ~good_birth & dated
    out["birth"] = np.where(day, p["birth"], out["birth"])
    call = allowed & (short > 0) & ~day & ~good_phone
    out["mobile"] = where(call, p["subscriber"], out["mobile"])
    out["mobile_area"] = where(call, p["area"], out["mobile_area"])
    for name, mask in (("missing_birth_date", day), ("typo_birth_date", day), ("missing_phone", call), ("stale_phone", call)):
        marks.clear(name, mask)
    marks.clear("typo_phone", call)


def person_records(rng: np.random.Generator, people: Columns, at: tuple[Array, Array, Array], as_of_day: int) -> Columns:
    """Return one record for each membership `at` (entity, system, repeat) of the people."""
    entity, system, repeat = at
    p, size = taken(people, entity), len(entity)
    marks, out = Marks(size), blank(size)
    outdated = rng.random(size) < rate(system, "stale")
    stale = np.where(outdated, rng.integers(1, 5, size), 0)
    out.update(entity=entity, system=system, cluster=p["cluster"], country=p["country"], title=p["title"], job=p["job"])
    for defect, mask in {"repeat_in_source": repeat, "household": p["members"] > 1, "twin": p["twin"],
                         "junior_senior": p["suffix"] != None, "namesake": p["namesake"]}.items():  # noqa: E711  # fmt: skip
        marks.set(defect, mask)
    out.update(_names(rng, p, system, marks, stale))
    out.update(_emails(rng, p, system, marks, stale))
    out.update(_phones(rng, p, system, marks, stale))
    out.update(addressed(rng, p, system, marks, (stale == 1) & p["moved"]))
    out["birth"] = _births(rng, p, system, marks)
    out["gender"] = where(rng.random(size) < 0.8, where(p["female"], "F", "M"), None)
    out["company"] = where(has(rng, system, "employer"), p["employer"], None)
    _findable(rng, p, out, marks)
    leaning = rng.choice((1, 0, -1), int(entity.max(initial=0)) + 1, p=(0.55, 0.22, 0.23))[entity]
    out.update(lifecycle(rng, system, stale > 0, leaning, as_of_day))
    out["defects"] = marks.bits
    return out
