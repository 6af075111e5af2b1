"""What is owed to whom, when, in which words, and what an answer means; reaches nobody."""
