"""Times of PROV-N: which texts are an xsd:dateTime.

Source: PROV-N section 3.7.2, production [62]; XML Schema 1.1 Part 2, section 3.3.7.
"""

from __future__ import annotations

from provstore.formats.prov_n.terminals import date_time
from provstore.model.times import instant


def is_date_time(text: str) -> bool:
    """True for an xsd:dateTime; of years outside of 1 to 9999 the length of the months is not looked at."""
    if not date_time(text):
        return False
    # What the pattern leaves open is the length of the month.
    return text[8:10] <= "28" or text[4] != "-" or text[:4] == "0000" or instant(text) is not None
