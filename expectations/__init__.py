"""What we are ready to believe before the figures arrive; the only door to Great Expectations."""
