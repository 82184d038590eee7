"""PROV-CONSTRAINTS (Recommendation of 2013-04-30) once more, naively: assertions come in, violated constraints go out.

It shares no code with the validator that it judges; of the package it knows `provstore.model` only. One function per
definition, inference and constraint, named by its number; everything is tried until nothing changes. NOTES.md says
where the Recommendation leaves a choice.
"""
