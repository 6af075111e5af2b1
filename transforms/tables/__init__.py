"""From sheets to readings: where tables begin, what their heads and rows are called, which figure stands in a cell."""
