"""Bulletins as they are, kept as texts that change only on purpose (`make golden`)."""
