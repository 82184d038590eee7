"""The kernel of segmentation: edges come in, the parts of a segment come out, whatever the engine."""
