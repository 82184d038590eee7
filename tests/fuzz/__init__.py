"""Fuzzing of every parser: bytes come in, a document or a BadInput with its place comes out, and nothing else ever."""
