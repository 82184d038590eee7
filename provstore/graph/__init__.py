"""The view: a ledger's entries come in, nodes and edges go out to an engine that questions read.

`projection` turns live statements into absolute states, `projector` sends them, `contract` is what every engine offers.
Source: rules 18 to 26.
"""
