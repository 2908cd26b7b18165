"""Words that stand in many names, and so tell one name from another by little."""

from __future__ import annotations

__all__ = ["COMMON", "LEGAL", "LINKING", "PARTICLES"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words("""
    al bin abu van von vom zu zur der den de des del della di da do dos das du la le las los lo af av ten ter te and
""")
"""Particles of family names, in the form that the person similarity brings them to (ibn and ben are bin)."""

LINKING = _words("the of and for in at on to a an de du des der die das la le les von fur del y et i und e ve")
"""Words that only join others."""

COMMON = _words("""
    group gruppe groupe grupo holding holdings international global worldwide services service solutions systems
    industries industry industrial enterprise enterprises company companies corporation trading trade products management
    consulting partners associates brothers sons europe america technologies technology tech manufacturing general
    national united first new organisation organization branch office factory plant unit division
    sanayi san ticaret tic dis comercio comercial industria import export restaurant
""")
"""Words that most industries and countries put into names of companies."""

LEGAL = _words("""
    ag gmbh co ltd inc llc plc srl spa sarl sas nv bv ab oy as jsc ooo limited incorporated corporation corp company liability
    joint stock aktiengesellschaft gesellschaft haftung societe anonyme sociedad anonima societa responsabilita partnership
    private public proprietary
""")
"""Words of legal forms; written right they are no part of a name's core, so that what is left of them is mistyped."""
