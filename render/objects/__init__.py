"""Identity, index and schema check of the objects that were read."""
