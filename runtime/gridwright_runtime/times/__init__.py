"""Times: what the clocks on the wall of a zone show, and which instants that is."""
