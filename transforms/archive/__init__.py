"""What all bulletins of a district tell together: their list, and the history of each indicator and area."""
