"""Legal forms by family: forms of one family name the same kind of company in different countries or years."""

from __future__ import annotations

import json

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["FAMILIES", "legal_family"]

# Normal forms as cleansing writes them. A form that stands for several kinds (co, cia, pt) has no family and says nothing.
FAMILIES: dict[str, tuple[str, ...]] = {
    "stock": (
        "ab", "ad", "ae", "ag", "akc spol", "ao", "as", "asa", "at", "bhd", "corp", "cxa", "dd", "ead", "hf", "inc", "jsc",
        "kgaa", "kk", "nv", "nyrt", "oao", "oyj", "pao", "pat", "pcl", "plc", "plc ltd", "prat", "psc", "sa", "sa de cv",
        "sab de cv", "sae", "sal", "saoc", "saog", "sapa", "sapi", "sau", "sca", "scpa", "se", "sgps", "sh a", "spa", "tbk",
        "zao", "zrt",
    ),
    "limited": (
        "aps", "bv", "bvba", "co ltd", "doo", "dooel", "ehf", "eirl", "eireli", "eood", "epe", "eurl", "fz llc", "fzco", "fze",
        "ggmbh", "gk", "gmbh", "ike", "kft", "lda", "llc", "ltd", "ltd sti", "ltda", "mchj", "mepe", "ood", "ooo", "ou", "oy",
        "pc", "pllc", "pte ltd", "pty ltd", "pvt ltd", "sagl", "sarl", "sas", "sas de cv", "sasu", "scrl", "sdn bhd", "sia", "sl",
        "slne", "slu", "sp zoo", "spa zoo", "sprl", "srl", "srl de cv", "srls", "sro", "too", "tov", "uab", "ug", "ulc",
        "ultd", "unltd", "wll", "yk",
    ),
    "partnership": (
        "a spol", "ag & co kg", "ans", "co kg", "comm v", "cv", "cvoa", "dno", "gbr", "gesbr", "gmbh & co kg", "hb", "jtd", "kb",
        "kg", "kht", "kkt", "kom spol", "ks", "ky", "llc & co kg", "lllp", "llp", "lp", "mbh and co kg", "oaj", "ohg", "partg",
        "s en c", "sci", "scs", "ska", "snc", "soc col", "sp k", "sp p", "spj", "ver obch spol", "vof", "vos", "yoaj",
    ),
    "cooperative": ("amba", "cvba", "eg", "ovee", "s cra", "scarl", "sccl", "scl", "scop", "smba", "soc coop"),
    "association": ("ano", "asbl", "eeig", "ev", "gie", "stichting", "vzw"),
    "state": ("fgup",),
    "sole": ("ed", "ek", "enk", "fa", "ip", "tmi"),
}  # fmt: skip


def legal_family(form: Column) -> Column:
    """Return the family of a normal legal form; a form of none is a family of its own."""
    table = {name: family for family, names in FAMILIES.items() for name in names}
    known = F.from_json(F.lit(json.dumps(table)), "map<string,string>")
    return F.coalesce(known[form], form)
