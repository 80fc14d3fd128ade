"""Consumer runtime on which generated clients stand; import what you need from its modules."""
