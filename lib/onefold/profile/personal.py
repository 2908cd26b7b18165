"""Guesses which columns are about people, by their name, by what their values look like and by lists of names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from onefold.profile.report import Personal

__all__ = ["Evidence", "guess_personal"]

# What a column is, and the words of its name that say so (English, German, French, Spanish, Italian, Dutch, Polish...).
_NAMES: tuple[tuple[str, str], ...] = (
    ("consent", r"opt_?in|opt_?out|consent|gdpr|unsubscribed?|permission"),
    ("e-mail", r"e_?mails?|mails?|email_?address|correo|courriel|posta_elettronica"),
    ("phone", r"phones?|tel|telephone|telefon\w*|telefoon|telefono|mobile?|handy|fax|cell|gsm|msisdn|portable"),
    ("date of birth", r"birth\w*|dob|born|geburt\w*|geb_?dat\w*|naissance|nacimiento|nascita|geboorte\w*"),
    (
        "person name",
        r"(given|first|fore|middle|family|last|sur|full|maiden|contact)_?names?|christian_?name|vorname|nachname|familienname|"
        r"prenom|nombre|apellidos?|cognome|voornaam|achternaam|imie|nazwisko|initials|nickname",
    ),
    ("gender", r"gender|sex|geschlecht|sexe|sexo|sesso"),
    ("title", r"salutation|anrede|civilite|honorific|name_?(title|suffix)|suffix"),
    ("postcode", r"postcodes?|postal_?code|zip|zip_?code|plz|postleitzahl|code_?postal|codigo_?postal"),
    (
        "address",
        r"street\w*|address\w*|addr\d?|strasse|str|rue|calle|via|house_?(number|no)|hausnummer|adresse|direccion|line_?[123]|lat|"
        r"lon|latitude|longitude|geo",
    ),
    (
        "national id",
        r"ssn|social_?security\w*|soc_?sec\w*|passport\w*|national_?id|nino|personal_?(number|id)|steuer_?id|dni|cpf|pesel",
    ),
    ("bank account", r"iban|bic|account_?(no|number)|kontonummer|card_?(no|number)|credit_?card|pan"),
    ("network address", r"ip|ip_?address|mac_?address|cookie\w*|device_?id"),
    ("login", r"user_?name|login|twitter|linkedin|facebook"),
    (
        "staff member",
        r"owner|assigned_?to|agent|sales_?rep|(created|changed|updated|modified|entered)_?by|account_?manager|handler|employee",
    ),
    ("free text", r"notes?|comments?|remarks?|bemerkung\w*|description|message|subject|body|text"),
    ("town", r"city|town|ort|stadt|ville|ciudad|citta|locality|suburb|place"),
)
_SURE_CLASS = {"staff member": 0.4, "free text": 0.4, "town": 0.4, "title": 0.5, "login": 0.6, "consent": 0.6, "gender": 0.7}
_KINDS = {"email": ("e-mail", 0.98), "phone": ("phone", 0.8), "iban": ("bank account", 0.95), "ip": ("network address", 0.8)}
_PSEUDONYM = re.compile(
    r"(^|_)(id|ids|key|no|nr|number|uuid|guid|hash|code|ref|kunde|customer|account|party|contact|record)(_|$)"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


@dataclass(frozen=True)
class Evidence:
    """What is known of a column's values: shares of kinds and of what lists know, whether values hardly repeat."""

    kinds: Mapping[str, float]
    given_names: float = 0.0
    legal_forms: float = 0.0
    countries: float = 0.0
    holds_contact: float = 0.0
    distinct_share: float = 0.0
    distinct: int = 0
    type: str = "text"
    nested: bool = False


def guess_personal(name: str, declared: str | None, evidence: Evidence) -> Personal | None:
    """Return what the column says of a person with the reason, None when nothing speaks for it.

    What the table's own contract declares is certain. Otherwise the strongest single reason counts, and a second one of the
    same kind makes it surer.
    """
    by_name, by_values = _by_name(name), _by_values(evidence)
    if declared is not None:
        found = by_name or by_values
        what = found[0] if found else {"personal": "personal data", "pseudonym": "record or customer id"}.get(declared, "")
        return None if declared == "none" else Personal(what, declared, 1.0, "declared in the table's contract")
    if by_name and by_values and by_name[0] == by_values[0]:
        sure = 1 - (1 - by_name[1]) * (1 - by_values[1])
        return _personal(by_name[0], sure, f"{by_name[2]}; {by_values[2]}")
    if by_values and evidence.kinds and by_name and by_name[0] in ("e-mail", "phone") and by_values[1] < 0.7:
        return _personal(*by_name)
    best = max((found for found in (by_name, by_values) if found), key=lambda found: found[1], default=None)
    if best is not None:
        return _personal(*best)
    return _weak(name, evidence)


def _personal(what: str, confidence: float, reason: str) -> Personal:
    return Personal(what, "personal", round(min(confidence, 0.99), 2), reason)


def _by_name(name: str) -> tuple[str, float, str] | None:
    own = "_".join(part.lower() for part in _CAMEL.split(name.replace("[]", "").rsplit(".", 1)[-1]) if part)
    words = [own, *own.split("_")]
    whole_path = "_".join(part.lower() for part in _CAMEL.split(name) if part)
    for what, expression in _NAMES:
        if any(re.fullmatch(expression, re.sub(r"_?\d+$", "", word) or word) for word in words) or re.search(
            rf"(^|_)({expression})(_|$)", whole_path
        ):
            sure = _SURE_CLASS.get(what, 0.85)
            return what, sure, f"its name says {what}"
    return None


def _by_values(evidence: Evidence) -> tuple[str, float, str] | None:
    if evidence.nested:
        return None
    for kind, (what, sure) in _KINDS.items():
        share = evidence.kinds.get(kind, 0.0)
        if share >= 0.5 and kind == evidence.type:
            return what, sure * min(1.0, 0.5 + share / 2), f"{share:.0%} of its values look like it"
    if evidence.holds_contact >= 0.01:
        return "free text", 0.8, f"{evidence.holds_contact:.0%} of its texts hold an e-mail address or a phone number"
    wordy = evidence.kinds.get("word", 0.0) + evidence.kinds.get("words", 0.0)
    if evidence.given_names >= 0.25 and wordy >= 0.5 and evidence.legal_forms < 0.05:
        sure = min(0.95, 0.45 + evidence.given_names / 2)
        return "person name", sure, f"{evidence.given_names:.0%} of its values begin with a known given name"
    return None


def _weak(name: str, evidence: Evidence) -> Personal | None:
    wordy = sum(evidence.kinds.get(kind, 0.0) for kind in ("word", "words", "text"))
    if evidence.legal_forms >= 0.2 or evidence.countries >= 0.5:
        return None
    if _PSEUDONYM.search("_".join(p.lower() for p in _CAMEL.split(name) if p)) and evidence.distinct_share >= 0.5:
        return Personal("record or customer id", "pseudonym", 0.7, "its name says an id, and its values hardly repeat")
    if not evidence.nested and wordy >= 0.5 and evidence.distinct > 200 and evidence.distinct_share >= 0.01:
        return Personal("various words", "personal", 0.3, f"{evidence.distinct:,} different words or texts, which may be names")
    if not evidence.nested and evidence.distinct > 200 and evidence.distinct_share >= 0.9 and evidence.type in ("code", "uuid"):
        return Personal("record or customer id", "pseudonym", 0.4, "its values hardly repeat")
    return None
