"""From the bytes of a file of any kind to its sheets as grids of exact values; knows no table and no words."""
