"""The report: one HTML page with tables and figures per theme, the stock by every profile, and what the checks found."""
