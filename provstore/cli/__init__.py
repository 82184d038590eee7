"""The shell door: words come in, an answer goes out on stdout, messages on stderr, and an exit code."""
