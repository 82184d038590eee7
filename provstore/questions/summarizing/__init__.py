"""The kernel of summarization: segments come in, blocks of alike vertices and what was merged go out."""
