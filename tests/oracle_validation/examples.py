"""Hand-worked examples: for each constraint a valid and, where there can be one, an invalid document (see notation.py).

No document can violate 30, 32, 35, 36, 38, 40, 44, 46, 47 or 49 by itself: their edges lead to an end or an
invalidation, from there only to further ends and invalidations, and every strict edge (42) leads from generation to
generation.
"""

from __future__ import annotations

VALID: dict[int, str] = {
    22: """entity(e1, [x=1])
        entity(e1, [x=2])
        activity(a1, t1, -)
        activity(a1, -, t2)""",
    23: """wasGeneratedBy(r1; e1, a1, -)
        wasGeneratedBy(r1; e1, -, t1)""",
    24: """wasGeneratedBy(r1; e1, a1, t1)
        wasGeneratedBy(-; e1, a1, -)""",
    25: """wasInvalidatedBy(r1; e1, a1, t1)
        wasInvalidatedBy(r2; e1, a2, t2)""",
    26: """wasStartedBy(r1; a1, e1, a2, t1)
        wasStartedBy(-; a1, -, a2, -)""",
    27: """wasEndedBy(r1; a1, e1, a2, t1)
        wasEndedBy(r2; a1, e1, a3, t1)""",
    28: """activity(a1, t1, -)
        wasStartedBy(r1; a1, e1, -, t1)
        wasStartedBy(r2; a1, e1, a2, -)""",
    29: """activity(a1, t2, t1)
        wasEndedBy(r1; a1, e1, -, t1)""",
    30: """wasStartedBy(r1; a1, -, -, t2)
        wasEndedBy(r2; a1, -, -, t1)""",
    31: """wasStartedBy(r1; a1, -, a2, -)
        wasStartedBy(r2; a1, -, a3, -)""",
    32: """wasEndedBy(r1; a1, -, a2, -)
        wasEndedBy(r2; a1, -, a3, -)""",
    33: """wasStartedBy(r1; a1, -, -, -)
        used(r2; a1, e1, -)
        wasEndedBy(r3; a1, -, -, -)""",
    34: """wasStartedBy(r1; a1, -, -, -)
        wasGeneratedBy(r2; e1, a1, -)
        wasEndedBy(r3; a1, -, -, -)""",
    35: """wasInformedBy(r1; a2, a1)
        wasStartedBy(r2; a1, -, -, -)
        wasEndedBy(r3; a2, -, -, -)""",
    36: """wasGeneratedBy(r1; e1, -, t2)
        wasInvalidatedBy(r2; e1, -, t1)""",
    37: """wasGeneratedBy(r1; e1, -, -)
        used(r2; a1, e1, -)""",
    38: """used(r1; a1, e1, -)
        wasInvalidatedBy(r2; e1, -, -)""",
    39: """wasGeneratedBy(r1; e1, a1, -)
        wasGeneratedBy(r2; e1, a2, -)""",
    40: """wasInvalidatedBy(r1; e1, a1, -)
        wasInvalidatedBy(r2; e1, a2, -)""",
    41: "wasDerivedFrom(-; e2, e1, a1, r1, r2)",
    42: """wasDerivedFrom(-; e2, e1)
        wasGeneratedBy(r1; e1, -, -)
        wasGeneratedBy(r2; e2, -, -)""",
    43: """wasGeneratedBy(r1; e1, -, -)
        wasStartedBy(r2; a1, e1, -, -)
        wasInvalidatedBy(r3; e1, -, -)""",
    44: """wasGeneratedBy(r1; e1, -, -)
        wasEndedBy(r2; a1, e1, -, -)
        wasInvalidatedBy(r3; e1, -, -)""",
    45: """specializationOf(e2, e1)
        wasGeneratedBy(r1; e1, -, -)
        wasGeneratedBy(r2; e2, -, -)""",
    46: """specializationOf(e1, e2)
        wasInvalidatedBy(r1; e1, -, -)
        wasInvalidatedBy(r2; e2, -, -)""",
    47: """wasAssociatedWith(-; a1, g1, -)
        wasStartedBy(r1; a1, -, -, -)
        wasInvalidatedBy(r2; g1, -, -)
        wasGeneratedBy(r3; g1, -, -)
        wasEndedBy(r4; a1, -, -, -)""",
    48: """wasAttributedTo(-; e1, g1)
        wasGeneratedBy(r1; g1, -, -)
        wasGeneratedBy(r2; e1, -, -)""",
    49: """actedOnBehalfOf(-; g2, g1, -)
        wasGeneratedBy(r1; g1, -, -)
        wasInvalidatedBy(r2; g2, -, -)""",
    50: """entity(e1)
        agent(e1)
        wasAttributedTo(-; e1, g1)
        activity(g1)""",
    51: """wasDerivedFrom(-; e2, e1, -, -, -)
        wasDerivedFrom(-; e2, e1, a1, r1, -)""",
    52: "specializationOf(e2, e1)",
    53: """wasDerivedFrom(r1; e2, e1)
        wasInfluencedBy(r1; e2, e1)""",
    54: """entity(r2)
        wasGeneratedBy(r1; e1, a1, -)""",
    55: """entity(e1)
        agent(e1)
        b1: activity(e1)""",
    56: """entity(e1, [type=EmptyCollection])
        b1: hadMember(e1, e2)""",
}

# With the constraints that are then violated, worked by hand.
INVALID: dict[int, tuple[str, set[int]]] = {
    # What each record says of the end (8) clashes with the other (29).
    22: ("activity(a1, t1, t2)\nactivity(a1, t1, t3)", {22, 29}),
    23: ("wasAssociatedWith(r1; a1, g1, -)\nwasAssociatedWith(r1; a1, g1, e1)", {23}),
    24: ("wasGeneratedBy(r1; e1, a1, -)\nwasGeneratedBy(r2; e1, a1, -)", {24}),
    25: ("wasInvalidatedBy(r1; e1, a1, -)\nwasInvalidatedBy(r2; e1, a1, -)", {25}),
    26: ("wasStartedBy(r1; a1, e1, a2, -)\nwasStartedBy(r2; a1, e2, a2, -)", {26}),
    27: ("wasEndedBy(r1; a1, e1, a2, -)\nwasEndedBy(r2; a1, e1, a2, -)", {27}),
    28: ("activity(a1, t1, -)\nwasStartedBy(r1; a1, e1, -, t2)", {28}),
    29: ("activity(a1, -, t1)\nwasEndedBy(r1; a1, e1, -, t2)", {29}),
    # r2 <= r3 (43) <= r4 <= r3 (31), r3 <= r1 (34) < r2 (42). In 31, 33 and 34 the starter of r3 generated e2 too (9),
    # and the two generations of e2 precede each other (39).
    31: (
        """wasDerivedFrom(-; e2, e1)
        wasGeneratedBy(r1; e1, a1, -)
        wasGeneratedBy(r2; e2, a2, -)
        wasStartedBy(r3; a1, e2, -, -)
        wasStartedBy(r4; a1, -, a3, -)""",
        {31, 34, 39, 42, 43},
    ),
    # r2 <= r3 (43) <= r4 (33) <= r1 (41) < r2 (42); r3 <= r1 (34)
    33: (
        """wasDerivedFrom(-; e2, e1)
        wasGeneratedBy(r2; e2, a2, -)
        wasStartedBy(r3; a1, e2, -, -)
        wasDerivedFrom(-; e1, e3, a1, r1, r4)""",
        {33, 34, 39, 41, 42, 43},
    ),
    # r2 <= r3 (43) <= r1 (34) < r2 (42)
    34: (
        """wasDerivedFrom(-; e2, e1)
        wasGeneratedBy(r1; e1, a1, -)
        wasGeneratedBy(r2; e2, a2, -)
        wasStartedBy(r3; a1, e2, -, -)""",
        {34, 39, 42, 43},
    ),
    # r2 <= r4 (37) <= r1 (41) < r2 (42), and r2 < r1 (42)
    37: (
        """wasDerivedFrom(-; e2, e1)
        wasGeneratedBy(r2; e2, a2, -)
        wasDerivedFrom(-; e1, e2, a1, r1, r4)""",
        {37, 41, 42},
    ),
    # r1 < r2 (42) < r3 (42) <= r1 (39): r1, r3 generate e1
    39: (
        """wasDerivedFrom(-; e2, e1)
        wasDerivedFrom(-; e1, e2)
        wasGeneratedBy(r1; e1, a1, -)
        wasGeneratedBy(r3; e1, a2, -)
        wasGeneratedBy(r2; e2, a3, -)""",
        {39, 42},
    ),
    41: (
        """wasGeneratedBy(r2; e2, -, -)
        wasDerivedFrom(-; e1, e2, a1, r1, r4)
        wasDerivedFrom(-; e2, e1)""",
        {37, 41, 42},
    ),
    # One generation before itself.
    42: ("wasGeneratedBy(r1; e1, a1, -)\nwasDerivedFrom(-; e1, e1)", {42}),
    43: (
        """wasStartedBy(r3; a1, e2, a2, -)
        wasGeneratedBy(r1; e1, a1, -)
        wasDerivedFrom(-; e2, e1)""",
        {34, 42, 43},
    ),
    # r1 <= r2 (45) < r1 (42)
    45: (
        """specializationOf(e2, e1)
        wasDerivedFrom(-; e1, e2)
        wasGeneratedBy(r1; e1, -, -)
        wasGeneratedBy(r2; e2, -, -)""",
        {42, 45},
    ),
    # r1 <= r2 (48) < r1 (42), and a generation of e1 by the activity of inference 13 (39)
    48: (
        """wasAttributedTo(-; e1, g1)
        wasDerivedFrom(-; g1, e1)
        wasGeneratedBy(r1; g1, -, -)
        wasGeneratedBy(r2; e1, -, -)""",
        {39, 42, 48},
    ),
    50: ("used(r1; a1, e1, -)\nwasInformedBy(r2; e1, a1)", {50, 55}),
    51: ("wasDerivedFrom(-; e2, e1, -, r1, -)", {51}),
    52: ("specializationOf(e1, e2)\nspecializationOf(e2, e1)", {52}),
    # Both are influences of a1 by e1, so that their identifier's key (23) holds.
    53: ("used(r1; a1, e1, -)\nwasStartedBy(r1; a1, e1, -, -)", {53}),
    54: ("entity(r1)\nwasInfluencedBy(r1; e2, e1)", {54}),
    55: ("b1: entity(e1)\nb1: activity(e1)", {50, 55}),
    56: ("entity(e1, [type=EmptyCollection])\nspecializationOf(e2, e1)\nhadMember(e2, e3)", {56}),
}

# The edges of each ordering constraint between the named events of its valid document.
EDGES: dict[int, set[tuple[str, str]]] = {
    30: {("r1", "r2")},
    31: {("r1", "r2"), ("r2", "r1")},
    32: {("r1", "r2"), ("r2", "r1")},
    33: {("r1", "r2"), ("r2", "r3")},
    34: {("r1", "r2"), ("r2", "r3")},
    35: {("r2", "r3")},
    36: {("r1", "r2")},
    37: {("r1", "r2")},
    38: {("r1", "r2")},
    39: {("r1", "r2"), ("r2", "r1")},
    40: {("r1", "r2"), ("r2", "r1")},
    41: {("r2", "r1")},
    42: {("r1", "r2")},
    43: {("r1", "r2"), ("r2", "r3")},
    44: {("r1", "r2"), ("r2", "r3")},
    45: {("r1", "r2")},
    46: {("r1", "r2")},
    47: {("r1", "r2"), ("r3", "r4")},
    48: {("r1", "r2")},
    49: {("r1", "r2")},
}
# The second rules of 47, 48 and 49, where the agent is an activity.
EDGES_OF_ACTIVITIES: dict[int, tuple[str, set[tuple[str, str]]]] = {
    47: (
        """wasAssociatedWith(-; a1, g1, -)
        wasStartedBy(r1; a1, -, -, -)
        wasEndedBy(r2; g1, -, -, -)
        wasStartedBy(r3; g1, -, -, -)
        wasEndedBy(r4; a1, -, -, -)""",
        {("r1", "r2"), ("r3", "r4")},
    ),
    48: (
        """wasAttributedTo(-; e1, g1)
        wasStartedBy(r1; g1, -, -, -)
        wasGeneratedBy(r2; e1, -, -)""",
        {("r1", "r2")},
    ),
    49: (
        """actedOnBehalfOf(-; g2, g1, -)
        wasStartedBy(r1; g1, -, -, -)
        wasEndedBy(r2; g2, -, -, -)""",
        {("r1", "r2")},
    ),
}
