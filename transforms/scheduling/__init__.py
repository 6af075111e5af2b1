"""When things are due, by working days; every function is given its calendar and its moment."""
