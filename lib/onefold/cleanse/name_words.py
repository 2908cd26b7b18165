"""The words that stand around names of people, in the languages of the world: titles, suffixes, particles, patronymics."""

from __future__ import annotations

__all__ = [
    "COMPOUND_GIVEN",
    "INVERTED_PARTICLE",
    "PARTICLES",
    "PATRONYMIC",
    "SEVERAL_PEOPLE",
    "SUFFIX",
    "SURE_PATRONYMIC",
    "TITLE",
    "TITLE_OF_GIVEN",
    "TURKIC_PATRONYMIC",
]

_TITLES = (
    r"mr|mrs|ms|miss|mx|sir|dame|lady|rev|hon|dr|drs|dr[. -]*ing|prof|professor|doctor|ing|dipl[. -]*ing|dipl|mag|herrn?|frau|"
    r"frl|fräulein|m|mme|mlle|monsieur|madame|mademoiselle|mgr|sr|sra|srta|señor|señora|señorita|senhor|senhora|dña|doña|"
    r"sig|sig\.ra|signor|signora|dott|dott\.ssa|avv|dhr|mevr|mw|hr|fru|herr|pan|pani|pán|paní|bay|bayan|sayın|"
    r"shri|smt|dato|datuk|tan sri|puan|encik|mullah|maulana|ayatollah|ustad|"
    r"г-н|г-жа|господин|госпожа|пан|пані|κ|κα|κος|السيد|السيدة|الدكتور|الشيخ|מר|גב|capt|maj|lt|sgt|cpl|adm"
)
# Words that are given names as well are titles only where two words follow: Lord Peter Wimsey, but Don Johnson, Prince Nelson.
_TITLES_AND_NAMES = (
    r"lord|don|baron|count|prince|princess|captain|colonel|major|general|judge|justice|senator|father|fr|sri|haji|sheikh|shaikh|kumari|gen|bay|"
    r"col"
)
# One letter is a title only with its point (M. Dupont), so that initials stay names.
TITLE = rf"(?iu)^(?:(?:(?!(?:m|κ)\s)(?:{_TITLES}))(?:\.\s*|\s+)|(?:{_TITLES_AND_NAMES})(?:\.\s*(?=\S)|\s+(?=\S+\s+\S)))+(?=\S)"
TITLE_OF_GIVEN = r"(?iu)^(?:sir|dame|lady|mullah|maulana|ustad|shri|smt|dato|datuk|tan sri|doña|dña|الشيخ)\b"
"""A title that stands before the given name, so that one word behind it is that: Sir Winston."""
_SUFFIXES = (
    r"jr|jnr|junior|sr|snr|senior|ii|iii|iv|2nd|3rd|4th|esq|esquire|ph\.?\s?d|d\.?phil|md|m\.d|dds|dvm|jd|mba|cpa|cfa|bsc|msc|"
    r"b\.?\s?sc|m\.?\s?sc|m\.a|b\.a|ll\.?[bm]|obe|mbe|cbe|frs|qc|phd|csc"
)
# Only behind a comma: Jack Ma and Ba Jin keep their names.
_SUFFIXES_BY_COMMA = r"ma|ba|kg|do|rn|pe|jp|kc|cpa"
_HONORIFICS = r"\s*(?:様|さま|殿|先生|女士|小姐|님|씨)"
SUFFIX = rf"(?iu)(?:(?:(?:,\s*|\s+)(?:{_SUFFIXES})\.?|,\s*(?:{_SUFFIXES_BY_COMMA})\.?)+|(?<=\S){_HONORIFICS})\s*\z"

PARTICLES = (
    r"von und zu|van den|van der|van de|van|von|vom|zu|zur|zum|de|der|den|des|del|della|delle|dello|degli|dei|di|da|do|dos|das|"
    r"du|d'|la|le|las|los|lo|el|al|ul|bin|ibn|ben|bint|binti|abu|af|av|ten|ter|te|'t|op|y|e|st\.?|san|santa|santo|mac|mc|o'|"
    r"vander|vanden|dalla|dal|ap|fitz|in 't|op de|ait|ould|bat|بن|ابن|بنت|آل|أبو|ابو|בן|בת"
)
INVERTED_PARTICLE = r"(?:van|von|vom|zu|zur|zum|de|der|den|del|della|di|da|dos|das|du|la|bin|ibn|ben|af|av|ten|ter|te|op|y)"
"""A particle that stands behind the given names where the family name comes first: Beethoven, Ludwig van."""

COMPOUND_GIVEN = r"(?<![Aa][Bb][Dd])(?<![Aa]bdul)(?<!ABDUL)(?<![Aa]bdel)(?<!ABDEL)(?<![Aa][Bb][Dd] [AaEe][Ll])(?<!عبد)\s+"
"""The space behind the first given name; Abd al-Rahman and Abdul Karim are one."""

SURE_PATRONYMIC = r"(?iu)(?:[оеё]вна|инична|ична|ovna|evna|ivna|івна|ichna)\z"
"""Endings that only a patronymic has."""
PATRONYMIC = r"(?iu)(?:[оеё]вич|[оеё]вна|инична|ична|ьич|ович|йович|івна|ovich|evich|ovych|ovna|evna|ivna|ichna)\z"
"""Endings of East Slavic patronymics; those in -ovich and -evich are family names elsewhere."""
TURKIC_PATRONYMIC = r"(?iu)\s(?:oğlu|oglu|ogly|ogli|oʻgʻli|qızı|qizi|kyzy|kizi|оглы|кызы|угли|кизи)\z"

SEVERAL_PEOPLE = r"(?iu)\S\s*(?:&|\+)\s*\S|\s(?:and|und|et|og|och|en)\s(?!zu[mr]?\s)"
