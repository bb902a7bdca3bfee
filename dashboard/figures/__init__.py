"""How answers are drawn: plain dictionaries for charts, SVG for the small ones."""
