"""Street names by language, whole and abbreviated, and the order in which a country writes an address line."""

from __future__ import annotations

from functools import cache

import numpy as np

from generator.columns import Array, texts, where
from generator.countries import COUNTRIES

__all__ = ["draw_streets", "line"]

_PEOPLE = "Washington Lincoln Jefferson Madison Jackson Franklin Adams Monroe Grant Wilson Harrison Cleveland Roosevelt Hamilton"
_TREES = (
    "Oak Maple Pine Cedar Elm Walnut Chestnut Birch Spruce Willow Magnolia Hickory Sycamore Poplar Dogwood Laurel Cherry Aspen"
)
_LAND = (
    "Park Lake Hill Ridge River Valley Spring Meadow Forest Highland Sunset Prospect Church Main Mill School Center Railroad "
    "College Union Liberty Fairview Lakeview Woodland Riverside Hillcrest Broad Market Water Canal Orchard Summit Bridge Court"
)
_BRITISH = (
    "High Station Church Victoria Albert George King's Queen's Park Mill Manor School Green North South West London York "
    "Richmond Windsor Grange Springfield Highfield Kingsway New Chapel Grove Alexandra Stanley Clarence Gladstone Cromwell "
    "Nelson Wellington Waterloo Abbey Priory Castle Bridge Orchard Beech Hawthorn Holly Ashfield Woodside Cambridge Oxford "
    "Kent Derby Norfolk Warwick Salisbury Gloucester Durham Carlton Clifton Burton Newton Milton Preston Lansdowne Belmont"
)
_GERMAN = (
    "Haupt Bahnhof Schul Garten Dorf Berg Kirch Wald Ring Wiesen Linden Goethe Schiller Mozart Beethoven Bach Mühl Feld Rosen "
    "Park Brunnen Friedhofs Industrie Jahn Kant Lessing Uhland Hölderlin Blumen Birken Buchen Eichen Tannen Ahorn Kastanien "
    "Erlen Burg Schloss Markt Post Rathaus Kloster Mittel Ober Unter Neue Kaiser Königs Bismarck Humboldt Röntgen Daimler "
    "Siemens Hafen Ufer See Teich Sonnen Stein Weinberg Tal Hoch Nord Süd West Ost Danziger Breslauer Berliner Hamburger"
)
_FRENCH = (
    "de la République|Victor Hugo|de la Gare|de l'Église|du Moulin|Jean Jaurès|Pasteur|Gambetta|de la Mairie|des Écoles|de Paris|"
    "du Château|de la Fontaine|Voltaire|Émile Zola|Jules Ferry|de Verdun|du Général de Gaulle|de la Paix|des Lilas|des Acacias|"
    "de la Liberté|Saint-Michel|Saint-Jean|du Stade|Molière|Louis Pasteur|de Lattre de Tassigny|Marcel Pagnol|George Sand|"
    "des Tilleuls|du Lavoir|de la Poste|Carnot|Anatole France|Aristide Briand|de Bretagne|des Jardins|du Port|Nationale"
)
_SPANISH = (
    "Mayor|Real|de la Constitución|San José|del Carmen|Nueva|de la Paz|Cervantes|de España|San Juan|Santa María|del Sol|"
    "Goya|Velázquez|de Madrid|de Andalucía|Colón|San Antonio|de la Iglesia|del Pilar|Gran Vía|Alfonso XIII|de Cataluña|"
    "Miguel Hernández|García Lorca|Pablo Picasso|de Valencia|San Pedro|de la Libertad|del Rosario|Antonio Machado|de Galicia"
)
_ITALIAN = (
    "Roma|Garibaldi|Mazzini|Dante Alighieri|Cavour|Verdi|Marconi|Matteotti|Vittorio Emanuele II|della Repubblica|XX Settembre|"
    "IV Novembre|San Francesco|Leopardi|Manzoni|Kennedy|Aldo Moro|della Libertà|Venezia|Milano|Torino|Napoli|Trieste|Gramsci|"
    "Galileo Galilei|Leonardo da Vinci|Michelangelo|Puccini|Rossini|Don Minzoni|Cesare Battisti|dei Mille|Umberto I|Carducci"
)
_DUTCH = (
    "Kerk School Dorps Molen Juliana Wilhelmina Beatrix Nieuw Hoofd Stations Markt Prins Hendrik Oranje Emma Linden Eiken "
    "Beuken Kastanje Berken Water Haven Kanaal Burgemeester Rembrandt Vermeer Mozart Beethoven Tulpen Rozen Park Singel Zand"
)
_SWEDISH = (
    "Stor Kungs Drottning Skol Kyrko Järnvägs Ring Linné Vasa Sveas Ny Björk Ek Tall Gran Ängs Skogs Strand Hamn "
    "Industri Trädgårds Sol Berg Dal Norra Södra Östra Västra Park Karl Gustavs Slotts Fabriks Brunns"
)
_BRAZILIAN = (
    "São José|São João|Sete de Setembro|Quinze de Novembro|Tiradentes|Dom Pedro II|Santos Dumont|Rui Barbosa|Getúlio Vargas|"
    "das Flores|Santa Luzia|São Paulo|Rio Branco|Duque de Caxias|José Bonifácio|Marechal Deodoro|Castro Alves|São Francisco|"
    "Bahia|Minas Gerais|Paraná|Amazonas|Santo Antônio|Boa Vista|Bela Vista|das Palmeiras|dos Ipês|da Paz|Presidente Vargas"
)
_GREEK = "Ermou Stadiou Akadimias Athinas Panepistimiou Patision Tsimiski Egnatias Venizelou Kolokotroni Solonos Kifisias"
_RUSSIAN = "Lenina Pushkina Gagarina Mira Sovetskaya Molodezhnaya Lesnaya Sadovaya Pobedy Kirova Gorkogo Chekhova Naberezhnaya"
_JAPANESE = "Marunouchi Shibuya Ginza Umeda Sakae Odori Tenjin Honcho Sakuragicho Nakamachi Higashi Nishi Minami Kita Aoyama"
_CHINESE = "Nanjing Zhongshan Renmin Jiefang Beijing Heping Jianguo Xinhua Huaihai Yan'an Guangming Wenhua Chang'an Shennan"

_Kinds = tuple[tuple[str, str], ...]
_ENGLISH_KINDS: _Kinds = (
    (" Street", " St"), (" Avenue", " Ave"), (" Road", " Rd"), (" Drive", " Dr"), (" Lane", " Ln"), (" Boulevard", " Blvd"),
    (" Court", " Ct"), (" Way", " Way"), (" Place", " Pl"),
)  # fmt: skip
_BRITISH_KINDS: _Kinds = (
    (" Street", " St"), (" Road", " Rd"), (" Avenue", " Ave"), (" Lane", " Ln"), (" Close", " Cl"), (" Drive", " Dr"),
    (" Gardens", " Gdns"), (" Crescent", " Cres"),
)  # fmt: skip
_GERMAN_KINDS: _Kinds = (("straße", "str."), ("straße", "strasse"), ("weg", "weg"), ("allee", "allee"), ("platz", "pl."))


def _suffixed(names: str, kinds: _Kinds) -> list[tuple[str, str]]:
    return [(name + full, name + short) for name in dict.fromkeys(names.split()) for full, short in kinds]


def _prefixed(names: str, kinds: _Kinds) -> list[tuple[str, str]]:
    return [(full + name, short + name) for name in names.split("|") for full, short in kinds]


@cache
def _tables() -> tuple[tuple[Array, Array], ...]:
    """Whole and short street names of each country, in the order of COUNTRIES."""
    french = _prefixed(_FRENCH, (("rue ", "r. "), ("avenue ", "av. "), ("boulevard ", "bd "), ("place ", "pl. "), ("rue ", "R ")))
    by_country = {
        "US": _suffixed(f"{_PEOPLE} {_TREES} {_LAND}", _ENGLISH_KINDS),
        "GB": _suffixed(_BRITISH, _BRITISH_KINDS),
        "AU": _suffixed(f"{_BRITISH} {_TREES}", _ENGLISH_KINDS),
        "DE": _suffixed(_GERMAN, _GERMAN_KINDS),
        "CH": _suffixed(_GERMAN, (("strasse", "str."), ("weg", "weg"), ("gasse", "g."), ("platz", "pl."))),
        "FR": french,
        "BE": french,
        "ES": _prefixed(_SPANISH, (("Calle ", "C/ "), ("Avenida ", "Avda. "), ("Plaza ", "Pza. "), ("Paseo ", "Pº "))),
        "IT": _prefixed(_ITALIAN, (("Via ", "V. "), ("Viale ", "V.le "), ("Piazza ", "P.za "), ("Corso ", "C.so "))),
        "NL": _suffixed(_DUTCH, (("straat", "str."), ("laan", "ln"), ("weg", "weg"), ("plein", "pln"))),
        "SE": _suffixed(_SWEDISH, (("gatan", "g."), ("vägen", "v."), ("gränd", "gr."))),
        "BR": _prefixed(_BRAZILIAN, (("Rua ", "R. "), ("Avenida ", "Av. "), ("Travessa ", "Tv. "), ("Alameda ", "Al. "))),
        "GR": _suffixed(_GREEK, (("", ""),)),
        "RU": _prefixed(_RUSSIAN.replace(" ", "|"), (("ulitsa ", "ul. "), ("prospekt ", "pr. "))),
        "JP": _suffixed(_JAPANESE, (("", ""),)),
        "CN": _suffixed(_CHINESE, ((" Road", " Rd"), (" Avenue", " Ave"), (" Street", " St"))),
    }
    return tuple((texts(f for f, _ in by_country[c.code]), texts(s for _, s in by_country[c.code])) for c in COUNTRIES)


def draw_streets(rng: np.random.Generator, country: Array) -> tuple[Array, Array]:
    """Return a whole and an abbreviated street name for each row of the country column."""
    full, short = np.empty(len(country), dtype=object), np.empty(len(country), dtype=object)
    for position, (whole, brief) in enumerate(_tables()):
        rows = np.flatnonzero(country == position)
        pick = rng.integers(0, len(whole), len(rows))
        full[rows], short[rows] = whole[pick], brief[pick]
    return full, short


_NUMBER_FIRST = np.asarray([c.code in ("US", "GB", "AU", "FR", "CN") for c in COUNTRIES])
_COMMA = np.asarray([c.code in ("ES", "IT", "BR", "RU") for c in COUNTRIES])


def line(country: Array, street: Array, number: Array) -> Array:
    """Write street and house number as the country does; None without a street, no number where that is missing."""
    out = np.full(len(street), None, dtype=object)
    known = street != None  # noqa: E711 - element-wise on objects
    both = known & (number != None)  # noqa: E711
    out[known] = street[known]
    first, comma = both & _NUMBER_FIRST[country], both & _COMMA[country]
    last = both & ~first & ~comma
    out[first] = number[first] + " " + street[first]
    out[comma] = street[comma] + ", " + number[comma]
    out[last] = street[last] + " " + number[last]
    return where(known, out, None)
