"""The interface: frozen and complete, neutral as to output language.

After ``resolve`` nothing downstream looks a name up, guesses a default or meets a half-filled
object. Names of Python types, of templates and of files never stand here.
"""

from gridwright.ir.access import AuthStep, Credential, Presented, Server, StepPart
from gridwright.ir.facts import Amendment, Basis, Citation, Document, Fact, Missing, Revision
from gridwright.ir.interface import Interface
from gridwright.ir.limits import Limit
from gridwright.ir.operations import Example, Operation, Paging, Reconcile, Rule
from gridwright.ir.records import Field, Record, WireName
from gridwright.ir.replies import Consent, Envelope, ErrorCode, FailureKind, Reply, Status, Variant
from gridwright.ir.requests import (
    Argument,
    Basic,
    Body,
    Element,
    Filled,
    FormatWord,
    Hole,
    Language,
    Pair,
    Pairs,
    Parameter,
    Place,
    Source,
    Text,
)
from gridwright.ir.soap import Soap, SoapHeaderField
from gridwright.ir.times import Instant, Marks, Placement, Repeated, Series
from gridwright.ir.types import (
    BinaryType,
    BooleanType,
    Code,
    CodeList,
    CodeType,
    DecimalType,
    DeclaredUnit,
    IntegerType,
    ListType,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)

__all__ = [
    "Amendment",
    "Argument",
    "AuthStep",
    "Basic",
    "Basis",
    "BinaryType",
    "Body",
    "BooleanType",
    "Citation",
    "Code",
    "CodeList",
    "CodeType",
    "Consent",
    "Credential",
    "DecimalType",
    "DeclaredUnit",
    "Document",
    "Element",
    "Envelope",
    "ErrorCode",
    "Example",
    "Fact",
    "FailureKind",
    "Field",
    "Filled",
    "FormatWord",
    "Hole",
    "Instant",
    "IntegerType",
    "Interface",
    "Language",
    "Limit",
    "ListType",
    "Marks",
    "Missing",
    "Operation",
    "Paging",
    "Pair",
    "Pairs",
    "Parameter",
    "Place",
    "Placement",
    "Presented",
    "Reconcile",
    "Record",
    "RecordType",
    "Repeated",
    "Reply",
    "Revision",
    "Rule",
    "Series",
    "Server",
    "Soap",
    "SoapHeaderField",
    "Source",
    "Status",
    "StepPart",
    "TemporalType",
    "Text",
    "TextType",
    "TypeRef",
    "Variant",
    "WireName",
]
