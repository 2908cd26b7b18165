"""Judges and normalises e-mail addresses, and says what kind they are; never repairs one by guessing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pyarrow as pa
from email_validator import EmailNotValidError, validate_email
from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.arrays import arrow_column, over_distinct
from onefold.cleanse.lookup import is_listed
from onefold.cleanse.reference import disposable_domains
from onefold.cleanse.text import is_sentinel

__all__ = [
    "FREE_DOMAINS",
    "ROLES",
    "check_all",
    "check_unusual",
    "judged_emails",
    "mistyped_domains",
    "normal_email",
    "read_emails",
]

FREE_DOMAINS = (
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.it",
    "yahoo.co.jp", "yahoo.com.br", "ymail.com", "rocketmail.com", "hotmail.com", "hotmail.co.uk", "hotmail.de",
    "hotmail.fr", "hotmail.es", "hotmail.it", "outlook.com", "outlook.de", "outlook.fr", "live.com", "live.co.uk",
    "live.de", "live.nl", "live.fr", "msn.com", "aol.com", "aim.com", "icloud.com", "me.com", "mac.com", "gmx.de",
    "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "t-online.de", "freenet.de", "arcor.de", "mail.com", "mail.ru",
    "yandex.ru", "yandex.com", "bk.ru", "list.ru", "rambler.ru", "qq.com", "163.com", "126.com", "sina.com", "naver.com",
    "hanmail.net", "daum.net", "proton.me", "protonmail.com", "tutanota.com", "zoho.com", "fastmail.com", "orange.fr",
    "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "tiscali.it", "alice.it", "uol.com.br",
    "bol.com.br", "terra.com.br", "telefonica.net", "telenet.be", "skynet.be", "ziggo.nl", "planet.nl", "kpnmail.nl",
    "hetnet.nl", "xs4all.nl", "bluewin.ch", "seznam.cz", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "telia.com",
    "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "cox.net", "btinternet.com", "sky.com", "virginmedia.com",
    "ntlworld.com", "bigpond.com", "optusnet.com.au", "rogers.com", "shaw.ca", "sympatico.ca", "rediffmail.com",
)  # fmt: skip
ROLES = (
    "info", "sales", "support", "contact", "contacto", "kontakt", "admin", "administrator", "office", "mail", "email",
    "hello", "help", "helpdesk", "service", "services", "billing", "accounts", "accounting", "finance", "invoice",
    "invoices", "rechnung", "buchhaltung", "marketing", "hr", "jobs", "careers", "press", "presse", "media", "team",
    "webmaster", "postmaster", "hostmaster", "abuse", "legal", "privacy", "security", "it", "einkauf", "purchasing",
    "procurement", "orders", "order", "vertrieb", "verkauf", "ventas", "commercial", "comercial", "secretary",
    "sekretariat", "reception", "enquiries", "inquiries", "customerservice", "feedback", "news", "newsletter", "shop",
    "export", "management", "direction", "noreply", "no-reply", "post", "zentrale",
)  # fmt: skip

_OFTEN_MISTYPED = ("gmail.com", "googlemail.com", "hotmail.com", "yahoo.com", "outlook.com", "icloud.com", "live.com", "gmx.de",
                   "web.de", "t-online.de", "hotmail.fr", "orange.fr", "wanadoo.fr", "comcast.net", "hotmail.co.uk",
                   "yahoo.co.uk")  # fmt: skip
_WRONG_ENDINGS = ("con", "cmo", "ocm", "vom", "xom", "comm", "coom", "om", "cm", "cim", "cpm", "co")
_REAL = ("mail.com", "ail.com", "live.co", "liv.com", "olive.com", "ive.com",
         "wb.de", "gm.de", "gx.de", "range.fr", "oange.fr", "hoo.com", "look.com", "cloud.com", "hot.com")  # fmt: skip
"""Words and providers of their own that look like a slip."""

_SYNTAX = (
    r"^(?!\.)(?!.*\.\.)(?=.{1,64}@)[a-z0-9.!#$%&'*+/=?^_`{|}~-]+(?<!\.)@"
    r"(?=.{4,253}\z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})\z"
)


def read_emails(texts: Column, sentinels: Sequence[str], placeholders: Sequence[str]) -> Column:
    """Return the texts as structs of raw, value, the unusual text that `check_unusual` must judge, and reason.

    A `mailto:`, a display name, spaces and outer punctuation are taken off; several addresses in one text become several.
    """
    each = F.flatten(F.transform(texts, _separate))
    cleaned = F.transform(each, lambda item: F.struct(item["raw"].alias("raw"), _bare(item["text"]).alias("text")))

    def judged(item: Column) -> Column:
        text = item["text"]
        reason = (
            F.when(is_sentinel(text, sentinels), "sentinel")
            .when(_is_placeholder(text, placeholders), "placeholder")
            .when(~text.rlike(_SYNTAX), "syntax")
        )
        unusual = F.when((reason == "syntax") & text.contains("@") & (F.length(text) <= 254), text)
        value = F.when(reason.isNull(), text)
        return F.struct(item["raw"].alias("raw"), value.alias("value"), unusual.alias("unusual"), reason.alias("reason"))

    return F.transform(cleaned, judged)


def check_unusual(items: Column) -> Column:
    """Return, for each e-mail that the plain syntax refuses but that has an @, its normal form, or null.

    Addresses in other scripts and with international domains come this way; no DNS is asked.
    """
    # Python, because the rules of international addresses are not a regular language; only such values are looked at.
    return arrow_column(check_all, "array<string>", F.transform(items, lambda item: item["unusual"]))


def check_all(flat: pa.Array) -> pa.Array:
    """Return the normal forms of an array of texts."""
    return pa.array(over_distinct(flat.to_pylist(), normal_email), pa.string())


def normal_email(text: str | None) -> str | None:
    """Return the address in lower case and normal form when it is valid, else None.

    >>> normal_email("jörg@bücher.de"), normal_email("a@b@c.de")
    ('jörg@bücher.de', None)
    """
    if text is None:
        return None
    try:
        return str(validate_email(text, check_deliverability=False).normalized).lower()
    except EmailNotValidError:
        return None


def judged_emails(items: Column, checked: Column) -> Column:
    """Return the e-mails as structs of value, domain, class, raw and reason, the unusual ones that passed included."""

    def finished(item: Column, normal: Column) -> Column:
        return F.struct(
            F.coalesce(item["value"], normal).alias("value"),
            item["raw"].alias("raw"),
            F.when(normal.isNull(), item["reason"]).alias("reason"),
        )

    def classified(item: Column) -> Column:
        domain = F.substring_index(item["value"], "@", -1)
        return F.struct(
            item["value"].alias("value"),
            domain.alias("domain"),
            _class(item, domain).alias("class"),
            item["raw"].alias("raw"),
            F.coalesce(item["reason"], F.when(is_listed(mistyped_domains(), domain), "domain_typo")).alias("reason"),
        )

    return F.transform(F.zip_with(items, checked, finished), classified)


def _class(item: Column, domain: Column) -> Column:
    """Return the class that tells what may be sent there; an address refused for its syntax has it as its class."""
    local = F.substring_index(item["value"], "@", 1)
    return (
        F.when(item["value"].isNull(), F.when(item["reason"] == "syntax", "syntax"))
        .when(is_listed(disposable_domains(), domain), "disposable")
        .when(is_listed(ROLES, local), "role")
        .when(is_listed(FREE_DOMAINS, domain), "free")
        .otherwise("personal")
    )


@lru_cache(maxsize=1)
def mistyped_domains() -> frozenset[str]:
    """Return the usual slips in the most common domains: a letter lost, doubled or swapped, and endings such as .con.

    They are flagged, never corrected; real domains are not among them.
    """
    slips: set[str] = set()
    for domain in _OFTEN_MISTYPED:
        name, _, ending = domain.partition(".")
        lost = {name[:i] + name[i + 1 :] for i in range(1, len(name))}
        doubled = {name[: i + 1] + name[i:] for i in range(len(name))}
        swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
        slips |= {f"{slip}.{ending}" for slip in lost | doubled | swapped if slip != name and len(slip) > 3}
        slips |= {f"{name}.{wrong}" for wrong in _WRONG_ENDINGS} if ending == "com" else set()
    return frozenset(slips - {*FREE_DOMAINS, *disposable_domains(), *_REAL})


def _separate(raw: Column) -> Column:
    """Split a text with several @ at its separators; any other is one."""
    several = F.length(raw) - F.length(F.replace(raw, F.lit("@"), F.lit(""))) > 1
    texts = F.when(several, F.filter(F.split(raw, r"[;,|\s]+"), lambda t: t != "")).otherwise(F.array(raw))
    return F.transform(texts, lambda text: F.struct(raw.alias("raw"), text.alias("text")))


def _bare(text: Column) -> Column:
    """Take off what is around an address, spaces and capitals; a text far too long to be one is cut, and so refused."""
    lower = F.lower(F.substring(text, 1, 400))
    inner = F.regexp_replace(lower, r"^[^<]*<([^<>]*@[^<>]*)>.*\z", "$1")
    return F.regexp_replace(inner, r"^\s*mailto:|[\s\u00A0\u200B\uFEFF]+|^[\"'<(]+|[\"'>),;.]+\s*\z", "")


def _is_placeholder(text: Column, placeholders: Sequence[str]) -> Column:
    """Tell whether an address is a placeholder: the whole address, an `@domain` ending or a `name@` beginning."""
    found = F.lit(False)
    wanted = [p.strip().lower() for p in placeholders]
    whole = [p for p in wanted if not p.startswith("@") and not p.endswith("@")]
    found = text.isin(*whole) if whole else found
    for part in wanted:
        if part.startswith("@"):
            found = found | text.endswith(part)
        elif part.endswith("@"):
            found = found | text.startswith(part)
    return found
