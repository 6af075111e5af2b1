"""What a check of files found, arranged for whoever mends them; reads no file and asks no expectation."""
