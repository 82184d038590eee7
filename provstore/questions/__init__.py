"""Questions: an identifier or an expression comes in, one answer type goes out, whatever the engine.

One question, one file, one name. Source: rules 22 and 24 to 29.
"""
