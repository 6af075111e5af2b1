"""How each schema of the store becomes the next; the door to Alembic."""
