"""What people declare in YAML: plans, districts, sources, corrections, and what is wrong with each; opens no file."""
