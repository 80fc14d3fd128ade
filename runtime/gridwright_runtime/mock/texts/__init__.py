"""Values and records as texts, JSON, XML and SOAP. Shares no code with what a client reads."""
