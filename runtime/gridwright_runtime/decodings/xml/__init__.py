"""A reply in XML, alone or in a SOAP envelope: in one pass where it is as documented."""
