"""An invented account; apart from `support`, so that worker processes start fast."""

from gridwright_runtime.tickets.flow import ServiceTicketStep, TicketFlow, TicketStep

USERNAME = "INVENTED-user+1"
PASSWORD = "INVENTED päss&word/=%41"
SERVICE = "https://service.invalid"
HEADER = "invented-ticket"
CAS = "https://cas.invalid"
URL = "https://api.invalid"

FLOW = TicketFlow(
    grant=TicketStep(
        address={
            "production": "https://cas.invalid/cas/v1/tickets?format=text",
            "test": "https://testcas.invalid/cas/v1/tickets?format=text",
        },
        success_status=201,
        lifetime_seconds=2700,
        counts_from="last_use",
    ),
    service=ServiceTicketStep(
        address={
            "production": "https://cas.invalid/cas/v1/tickets/{tgt}",
            "test": "https://testcas.invalid/cas/v1/tickets/{tgt}",
        },
        service={"production": SERVICE, "test": "https://testservice.invalid"},
        success_status=200,
        lifetime_seconds=30,
    ),
    header=HEADER,
)
