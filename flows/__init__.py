"""The imperative shell: Prefect flows and everything that touches the world."""
