SELECT sha256, bytes FROM blob
