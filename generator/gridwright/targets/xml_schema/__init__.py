"""XSD and WSDL of messages in XML."""
