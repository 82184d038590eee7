"""An independent answer to segmentation: every walk written out, for small graphs. Shares no code with provstore."""
