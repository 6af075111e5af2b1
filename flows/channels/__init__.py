"""The ways out: mail, robots, folders and buckets; each hands over one message and decides neither when nor to whom."""
