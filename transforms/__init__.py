"""The functional core: from bytes and declarations to a bulletin, touching nothing."""
