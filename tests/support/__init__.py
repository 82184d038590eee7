"""What tests share: builders of documents and other small helpers."""
