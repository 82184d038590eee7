"""Other ways to find what is similar in a lineage, written from their descriptions: what the kernel is compared with.

In: a `Lineage` and the names of sources and destinations. Out: the entities that are similar to a source.
"""
