"""The definitions, inferences and constraints by number: their names in the Recommendation, and a plain sentence each.

Source: PROV-CONSTRAINTS (W3C Recommendation, 30 April 2013), tables 1, 2 and 4.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Rule(NamedTuple):
    """A rule's name in the Recommendation, and what it says, for people who don't know it."""

    name: str
    sentence: str


RULES: Final[dict[int, Rule]] = {
    1: Rule("optional-identifiers", "A relation without an identifier has one that is not known."),
    2: Rule("optional-attributes", "A statement without attributes has none."),
    3: Rule("definition-short-forms", "An argument that is left out is a -."),
    4: Rule(
        "optional-placeholders", "A - stands for something that exists and is not known; some arguments must be given."
    ),
    5: Rule(
        "communication-generation-use-inference", "An informed activity used something that its informant generated."
    ),
    6: Rule(
        "generation-use-communication-inference", "An activity is informed by the one that generated what it used."
    ),
    7: Rule("entity-generation-invalidation-inference", "Every entity is generated, and invalidated some time."),
    8: Rule("activity-start-end-inference", "Every activity is started and ended."),
    9: Rule("wasStartedBy-inference", "The starter of an activity generated the entity that triggered the start."),
    10: Rule("wasEndedBy-inference", "The ender of an activity generated the entity that triggered the end."),
    11: Rule(
        "derivation-generation-use-inference", "A derivation by an activity implies its usage and its generation."
    ),
    12: Rule("revision-is-alternate-inference", "A revision is an alternate of what it revises."),
    13: Rule("attribution-inference", "The agent of an entity was associated with an activity that generated it."),
    14: Rule("delegation-inference", "Delegate and responsible agent were both associated with the activity."),
    15: Rule("influence-inference", "Every relation between two elements is an influence, of the same identifier."),
    16: Rule("alternate-reflexive", "An entity is an alternate of itself."),
    17: Rule("alternate-transitive", "Alternates of one entity are alternates of each other."),
    18: Rule("alternate-symmetric", "Alternates are alternates both ways."),
    19: Rule("specialization-transitive", "A specialization of a specialization is one."),
    20: Rule("specialization-alternate-inference", "A specialization is an alternate."),
    21: Rule("specialization-attributes-inference", "A specialization has the attributes of the general entity."),
    22: Rule("key-object", "All statements about one entity, activity or agent must fit together."),
    23: Rule("key-properties", "An identifier names one relation: all statements with it must fit together."),
    24: Rule("unique-generation", "An activity generates an entity at most once."),
    25: Rule("unique-invalidation", "An activity invalidates an entity at most once."),
    26: Rule("unique-wasStartedBy", "An activity is started by another activity at most once."),
    27: Rule("unique-wasEndedBy", "An activity is ended by another activity at most once."),
    28: Rule("unique-startTime", "The start time of an activity is the time of its start."),
    29: Rule("unique-endTime", "The end time of an activity is the time of its end."),
    30: Rule("start-precedes-end", "An activity starts before it ends."),
    31: Rule("start-start-ordering", "All starts of an activity happen at once."),
    32: Rule("end-end-ordering", "All ends of an activity happen at once."),
    33: Rule("usage-within-activity", "An activity uses things between its start and its end."),
    34: Rule("generation-within-activity", "An activity generates things between its start and its end."),
    35: Rule("wasInformedBy-ordering", "An informant starts before the activity that it informs has ended."),
    36: Rule("generation-precedes-invalidation", "An entity is generated before it is invalidated."),
    37: Rule("generation-precedes-usage", "An entity is generated before it is used."),
    38: Rule("usage-precedes-invalidation", "An entity is used before it is invalidated."),
    39: Rule("generation-generation-ordering", "All generations of an entity happen at once."),
    40: Rule("invalidation-invalidation-ordering", "All invalidations of an entity happen at once."),
    41: Rule("derivation-usage-generation-ordering", "What a derivation used is used before its result is generated."),
    42: Rule(
        "derivation-generation-generation-ordering", "An entity is generated strictly before what is derived from it."
    ),
    43: Rule("wasStartedBy-ordering", "The trigger of a start is generated before it and invalidated after it."),
    44: Rule("wasEndedBy-ordering", "The trigger of an end is generated before it and invalidated after it."),
    45: Rule("specialization-generation-ordering", "An entity is generated before what specializes it."),
    46: Rule("specialization-invalidation-ordering", "What specializes an entity is invalidated before the entity is."),
    47: Rule(
        "wasAssociatedWith-ordering", "An agent and the activity that it is associated with exist at a common time."
    ),
    48: Rule("wasAttributedTo-ordering", "An agent exists before what is attributed to it is generated."),
    49: Rule("actedOnBehalfOf-ordering", "A responsible agent exists before its delegate has ceased to."),
    50: Rule("typing", "What stands at the place of an entity, an activity or an agent is one."),
    51: Rule(
        "impossible-unspecified-derivation-generation-use",
        "A derivation that names a generation or a usage must name the activity, too.",
    ),
    52: Rule("impossible-specialization-reflexive", "No entity is a specialization of itself."),
    53: Rule("impossible-property-overlap", "Relations of different kinds never share an identifier."),
    54: Rule("impossible-object-property-overlap", "An identifier of an element is no identifier of a relation."),
    55: Rule("entity-activity-disjoint", "Nothing is an entity and an activity."),
    56: Rule("membership-empty-collection", "An empty collection has no members."),
}
