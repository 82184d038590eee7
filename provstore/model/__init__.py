"""PROV, pure: what comes in are names and typed values, what goes out are frozen statements and documents.

`statement` builds the canonical form of one PROV record and its `sid`; `document` orders statements under a header;
`terms` is the closed table of record types; `fold` says what several documents together state of one element.
No I/O, standard library only. Source: PROV-DM, rules 1 to 10 and 17.
"""
