"""Pages on paper: one A4 sheet as PDF or PNG, set by Typst from the answers behind the page."""
