"""Names of SOAP messages' classes."""

from gridwright.ir import Operation, Soap
from gridwright.naming import class_name


def request_class(operation: Operation) -> str:
    return f"{class_name(operation.name)}Request"


def reply_class(operation: Operation) -> str:
    return f"{class_name(operation.name)}Reply"


def header_class(soap: Soap) -> str:
    return "Header"
