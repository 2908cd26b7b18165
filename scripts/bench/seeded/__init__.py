"""Clean records, known defects put into them, and what the shipped rules find of these."""
