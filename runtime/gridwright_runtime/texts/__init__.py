"""Numbers, dates and times as texts of the wire, and back."""
