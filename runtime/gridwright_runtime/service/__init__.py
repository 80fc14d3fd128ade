"""Systems whose calls are services: JSON, files or SOAP out, one record back."""
