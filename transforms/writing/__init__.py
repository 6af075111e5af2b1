"""From assessments to a bulletin whose every text is worded and rounded; knows no markup and no paper."""
