"""The service under load for long: `make soak`. Each promise that it breaks is told."""
