"""Reports: an answer comes in, text or a picture goes out (tree, table, JSON, CSV, DOT, Mermaid, SVG, HTML)."""
