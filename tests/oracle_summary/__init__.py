"""An independent answer to summarization: every path written out, for small sets of segments. Shares no code with provstore."""
