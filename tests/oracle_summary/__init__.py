"""An independent answer to summarization: every path written out, for small sets. Shares no code with provstore."""
