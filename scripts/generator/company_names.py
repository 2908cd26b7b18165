"""Company names: a core, what the company does in its own language, a legal form, and how others write them."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from generator.columns import Array, chosen, texts, where
from generator.countries import CODES, COUNTRIES
from generator.vocabulary import surnames

__all__ = ["abbreviated", "acronym", "draw_cores", "draw_descriptors", "draw_forms", "other_form"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_HEAD = _words(
    "Nova Solv Inter Alpha Omni Tri Vera Cent Dyna Luma Axi Prim Syn Quanta Helio Terra Aero Hydro Opti Medi Agri Cyber Data "
    "Vita Ferro Poly Electro Geo Nor Sola Velo Arca Zeni Kine Ori Tele Micro Macro Bio Uni"
)
_TAIL = _words(
    "tek tec tis dyne vent ven lux nix con core max plex vex gen line soft sys ware net link mark form flow data nova port pharm "
    "cast tron ris dor mont vale via zon"
)
_ADJECTIVE = _words("Blue Green Red Silver Golden Bright Northern Southern Western Eastern First Prime Royal Pacific Atlantic")
_NOUN = _words("Harbor Ridge Stone River Oak Falcon Lion Anchor Bridge Peak Valley Star Horizon Pine Arrow Crown Field Gate")

_DESCRIPTORS: dict[str, str] = {
    "EN": "Logistics|Software|Engineering|Manufacturing|Consulting|Services|Systems|Technologies|Industries|Construction|"
    "Electrical|Plumbing|Foods|Textiles|Printing|Insurance Brokers|Property Management|Medical Supplies|Transport|Packaging|"
    "Automotive|Chemicals|Energy|Marketing|Design|Financial Services|Security|Catering|Furniture|Holdings|International|Group",
    "DE": "Logistik|Software|Maschinenbau|Technik|Beratung|Systeme|Bau|Elektrotechnik|Metallbau|Handel|Spedition|Druckerei|"
    "Immobilien|Energie|Medizintechnik|Verpackungen|Werkzeugbau|Fahrzeugtechnik|Chemie|Lebensmittel|Consulting|Holding|"
    "Gebäudereinigung|Haustechnik|Verlag|Versicherungsmakler|Automation|Solar|Kunststofftechnik|International",
    "FR": "Logistique|Informatique|Ingénierie|Conseil|Services|Transports|Bâtiment|Électricité|Imprimerie|Assurances|Immobilier|"
    "Énergie|Distribution|Industries|Métallurgie|Plomberie|Menuiserie|Textiles|Alimentation|Emballages|Automobiles|International",
    "ES": "Logística|Informática|Ingeniería|Consultores|Servicios|Transportes|Construcciones|Electricidad|Imprenta|Seguros|"
    "Inmobiliaria|Energía|Distribuciones|Industrias|Metalúrgica|Fontanería|Muebles|Textil|Alimentación|Envases|Automóviles",
    "IT": "Logistica|Informatica|Ingegneria|Consulenze|Servizi|Trasporti|Costruzioni|Impianti|Tipografia|Assicurazioni|"
    "Immobiliare|Energia|Distribuzione|Industrie|Meccanica|Idraulica|Arredamenti|Tessuti|Alimentari|Imballaggi|Automobili",
    "NL": "Logistiek|Software|Techniek|Advies|Diensten|Transport|Bouw|Elektrotechniek|Drukkerij|Verzekeringen|Vastgoed|Energie|"
    "Groothandel|Industrie|Metaal|Installatietechniek|Meubelen|Textiel|Voeding|Verpakkingen|Autobedrijf|Holding",
    "SE": "Logistik|Data|Teknik|Konsult|Tjänster|Åkeri|Bygg|El|Tryckeri|Försäkring|Fastigheter|Energi|Handel|Industri|Mekaniska|"
    "Rör|Möbler|Textil|Livsmedel|Emballage|Bil",
    "BR": "Logística|Informática|Engenharia|Consultoria|Serviços|Transportes|Construções|Elétrica|Gráfica|Seguros|Imobiliária|"
    "Energia|Distribuidora|Indústria|Metalúrgica|Hidráulica|Móveis|Têxtil|Alimentos|Embalagens|Automóveis",
}  # fmt: skip

# legal form, weight, other spellings of the same form
_FORMS: dict[str, tuple[tuple[str, int, tuple[str, ...]], ...]] = {
    "US": (("Inc.", 45, ("Inc", "Incorporated", ", Inc.", "INC")), ("LLC", 35, ("L.L.C.", "Limited Liability Company", "llc")),
           ("Corp.", 20, ("Corp", "Corporation"))),
    "GB": (("Ltd", 80, ("Limited", "Ltd.", "LTD")), ("PLC", 10, ("plc", "P.L.C.")), ("LLP", 10, ("L.L.P.", "llp"))),
    "DE": (("GmbH", 65, ("G.m.b.H.", "Gmbh", "GMBH", "Gesellschaft mbH", "mbH")),
           ("GmbH & Co. KG", 20, ("GmbH & Co KG", "GmbH u. Co. KG", "GmbH + Co. KG", "GmbH und Co. KG")),
           ("AG", 9, ("A.G.", "Aktiengesellschaft")), ("KG", 6, ("K.G.", "Kommanditgesellschaft"))),
    "FR": (("SARL", 50, ("S.A.R.L.", "Sarl")), ("SAS", 38, ("S.A.S.", "sas")), ("SA", 12, ("S.A.",))),
    "ES": (("S.L.", 65, ("SL", "Sociedad Limitada", "S.L")), ("S.A.", 35, ("SA", "Sociedad Anónima"))),
    "IT": (("S.r.l.", 70, ("Srl", "SRL", "S.R.L.")), ("S.p.A.", 30, ("SpA", "SPA", "Spa"))),
    "NL": (("B.V.", 85, ("BV", "bv", "b.v.")), ("N.V.", 15, ("NV", "n.v."))),
    "SE": (("AB", 100, ("Aktiebolag", "A.B.", "ab")),),
    "BR": (("Ltda.", 75, ("Ltda", "LTDA", "Limitada")), ("S.A.", 25, ("S/A", "SA"))),
    "CH": (("AG", 55, ("A.G.", "SA")), ("GmbH", 45, ("G.m.b.H.", "Gmbh"))),
    "BE": (("SRL", 45, ("S.R.L.", "BV")), ("SA", 30, ("S.A.", "NV")), ("NV", 25, ("N.V.",))),
    "AU": (("Pty Ltd", 92, ("Pty. Ltd.", "Pty Limited", "PTY LTD")), ("Ltd", 8, ("Limited",))),
    "GR": (("A.E.", 60, ("AE", "S.A.")), ("E.P.E.", 40, ("EPE",))),
    "RU": (("OOO", 80, ("LLC",)), ("AO", 20, ("JSC",))),
    "JP": (("K.K.", 60, ("KK", "Co., Ltd.")), ("Co., Ltd.", 40, ("Co Ltd", "K.K."))),
    "CN": (("Co., Ltd.", 100, ("Co Ltd", "Company Limited", "Co.,Ltd")),),
}  # fmt: skip

_ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    ("International", "Intl"), ("Services", "Svcs"), ("Manufacturing", "Mfg"), ("Technologies", "Tech"), ("Brothers", "Bros"),
    ("Engineering", "Eng"), ("Management", "Mgmt"), ("Construction", "Constr"), ("Industries", "Ind"), ("Systems", "Sys"),
    ("Transport", "Transp."), ("Maschinenbau", "Masch.bau"), ("Elektrotechnik", "E-Technik"),
    ("Versicherungsmakler", "Vers.makler"),
    ("Consulting", "Consult."), ("Gebäudereinigung", "Geb.reinigung"), ("Construcciones", "Constr."), ("Servicios", "Serv."),
    ("Costruzioni", "Costr."), ("Distribution", "Distrib."), ("Ingénierie", "Ing."), ("& Söhne", "u. Söhne"), (" & ", " and "),
    ("Holding", "Hldg"), ("Informatique", "Info"), ("Groothandel", "Groothdl."), ("Indústria", "Ind."),
)  # fmt: skip
_LANGUAGE = {"NL": "NL", "SE": "SE", "BR": "BR"}


def draw_cores(rng: np.random.Generator, country: Array, city: Array) -> Array:
    """Return the distinguishing part of each company name: a founder, an invented word, a place or two words."""
    size = len(country)
    families = surnames()
    founder = families.get("name", families.draw(rng, country))
    second = families.get("name", families.draw(rng, country))
    german = np.isin(country, [CODES.index("DE"), CODES.index("CH")])
    english = np.isin(country, [CODES.index(code) for code in ("US", "GB", "AU")])
    kin = where(german, founder + " & Söhne", where(english, founder + " Brothers", founder + " & " + second))
    partners = founder + " & " + second
    style = rng.random(size)
    invented = chosen(rng, _HEAD, size) + chosen(rng, _TAIL, size)
    brand = chosen(rng, _ADJECTIVE, size) + " " + chosen(rng, _NOUN, size)
    core = where(style < 0.22, founder, where(style < 0.30, kin, where(style < 0.38, partners, invented)))
    core = where((style > 0.85) & (style < 0.93), city, core)
    return where((style >= 0.93) & english, brand, core)


@cache
def _descriptor_tables() -> tuple[Array, ...]:
    return tuple(
        texts(_DESCRIPTORS[_LANGUAGE.get(c.code, c.language if c.language in _DESCRIPTORS else "EN")].split("|"))
        for c in COUNTRIES
    )


def draw_descriptors(rng: np.random.Generator, country: Array) -> Array:
    """Return what each company does, in the language of its country."""
    out = np.empty(len(country), dtype=object)
    for position, table in enumerate(_descriptor_tables()):
        rows = np.flatnonzero(country == position)
        out[rows] = table[rng.integers(0, len(table), len(rows))]
    return out


def draw_forms(rng: np.random.Generator, country: Array) -> Array:
    """Return the legal form of each company."""
    out = np.empty(len(country), dtype=object)
    for position, code in enumerate(CODES):
        rows = np.flatnonzero(country == position)
        forms = _FORMS[code]
        out[rows] = chosen(rng, (form for form, _, _ in forms), len(rows), (weight for _, weight, _ in forms))
    return out


def other_form(code: str, form: str, draw: int) -> str:
    """Return another spelling of a legal form."""
    for known, _, variants in _FORMS[code]:
        if known == form:
            return variants[draw % len(variants)]
    return form


def abbreviated(name: str, _draw: int) -> str:
    """Return the name with its long words shortened as people do; unchanged when there is none."""
    for whole, short in _ABBREVIATIONS:
        if whole in name:
            return name.replace(whole, short)
    return name


def acronym(name: str, _draw: int = 0) -> str:
    """Return the initials of a name of three words or more, else the name."""
    words = re.findall(r"\w+", name)
    return "".join(word[0] for word in words).upper() if len(words) >= 3 else name
