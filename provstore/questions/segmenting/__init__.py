"""The kernel of segmentation: edges come in, the parts of a segment go out, whatever the engine."""
