"""Trial records of a registry: read into a draft protocol, and compared with a protocol."""
