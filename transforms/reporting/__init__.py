"""What each unit owes for a month: the form it fills in, what came of it, what is amiss with a form."""
