"""Which lines of the NWB are streets, by their kind of carriageway (bst_code).

The codes are the register's (Rijkswaterstaat, now NDW). A code that is not named here is a street: since June 2024
what has no kind of its own is RB, an ordinary carriageway.
"""

from __future__ import annotations

#: Paths (cycle FP, foot VP, bridle RP), what is no road (air traffic VV, ferry VD), and ways inside a plot or a
#: service area (parking PP, PC, PR, PKP and PKB, petrol BST, emergency passage CADO). None of them bounds a block.
NO_STREET = frozenset({"FP", "VP", "RP", "VV", "VD", "PP", "PC", "PR", "PKP", "PKB", "BST", "CADO"})

#: Main carriageways and their links (slip roads OPR and AFR, link roads VB., and what lies between them).
THROUGH = frozenset({"HR", "OPR", "AFR", "PST", "TN", "DST", "VBD", "VBI", "VBS", "VBR", "VBK", "VBW"})
