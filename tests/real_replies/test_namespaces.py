"""A service whose messages have elements in three namespaces, and further blocks in the header.

Requests and replies are as the service's own collection has them, with invented values.
"""

import datetime
import importlib
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
import zeep
from lxml import etree

from gridwright.pipeline import generate
from gridwright_runtime.errors import DeviationError, UnexpectedReplyError
from gridwright_runtime.mock.transport import MockTransport

SPECS = Path(__file__).parents[2] / "examples" / "specs"
PACKAGE, SYSTEM = "apis_in_namespaces", "ccee_integration"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
DAY = datetime.datetime(2020, 4, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-3)))

PRICES_ASKED = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope
  xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:mh="http://xmlns.energia.org.br/MH/v1"
  xmlns:oas="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
  xmlns:bm="http://xmlns.energia.org.br/BM/v1"
  xmlns:bo="http://xmlns.energia.org.br/BO/v1">
<soapenv:Header>
<mh:messageHeader><mh:codigoPerfilAgente>123</mh:codigoPerfilAgente></mh:messageHeader>
<oas:Security><oas:UsernameToken><oas:Username>USUARIO</oas:Username>
<oas:Password>senha</oas:Password></oas:UsernameToken></oas:Security>
<mh:paginacao><mh:numero>1</mh:numero><mh:quantidadeItens>2</mh:quantidadeItens></mh:paginacao>
</soapenv:Header>
<soapenv:Body>
<bm:listarPLDRequest><bm:plds><bm:pld>
<bo:vigencia><bo:inicio>2020-04-01T00:00:00</bo:inicio>
<bo:fim>2020-04-30T00:00:00</bo:fim></bo:vigencia>
<bo:valores><bo:valor><bo:tipo>HORARIO</bo:tipo></bo:valor></bo:valores>
</bm:pld></bm:plds></bm:listarPLDRequest>
</soapenv:Body>
</soapenv:Envelope>"""
PRICES = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:hdr="http://xmlns.energia.org.br/MH/v1">
<soapenv:Header>
<mh:messageHeader
  xmlns:mh="http://xmlns.energia.org.br/MH/v1"><mh:codigoPerfilAgente>123</mh:codigoPerfilAgente>
<mh:transactionId>12345678-1234-1234-1234-123456789012</mh:transactionId></mh:messageHeader>
<hdr:paginacao><hdr:numero>1</hdr:numero>
<hdr:quantidadeItens>2</hdr:quantidadeItens>
<hdr:totalPaginas>360</hdr:totalPaginas>
<hdr:quantidadeTotalItens>720</hdr:quantidadeTotalItens></hdr:paginacao>
</soapenv:Header>
<soapenv:Body>
<bm:listarPLDResponse
  xmlns:bm="http://xmlns.energia.org.br/BM/v1"
  xmlns:bo="http://xmlns.energia.org.br/BO/v1"><bm:plds>
<bm:pld>
<bo:vigencia><bo:inicio>2020-04-01T00:00:00-03:00</bo:inicio>
<bo:fim>2020-04-01T01:00:00-03:00</bo:fim></bo:vigencia>
<bo:valores>
<bo:valor><bo:indicadorRedeEletrica>false</bo:indicadorRedeEletrica>
<bo:submercado><bo:codigo>1</bo:codigo>
<bo:nome>SUDESTE</bo:nome></bo:submercado>
<bo:tipo>HORARIO</bo:tipo>
<bo:valor><bo:codigo>BRL</bo:codigo>
<bo:valor>39.68</bo:valor></bo:valor></bo:valor>
<bo:valor><bo:indicadorRedeEletrica>false</bo:indicadorRedeEletrica>
<bo:submercado><bo:codigo>2</bo:codigo>
<bo:nome>SUL</bo:nome></bo:submercado>
<bo:tipo>HORARIO</bo:tipo>
<bo:valor><bo:codigo>BRL</bo:codigo>
<bo:valor>41.02</bo:valor></bo:valor></bo:valor>
</bo:valores>
</bm:pld>
</bm:plds></bm:listarPLDResponse>
</soapenv:Body>
</soapenv:Envelope>"""
MEASURES_ASKED = """<soapenv:Envelope
  xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:oas="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
  xmlns:v1="http://xmlns.energia.org.br/MH/v1"
  xmlns:v11="http://xmlns.energia.org.br/BM/v1"
  xmlns:v12="http://xmlns.energia.org.br/BO/v1">
<soapenv:Header>
<v1:messageHeader><v1:codigoPerfilAgente>123</v1:codigoPerfilAgente></v1:messageHeader>
<oas:Security><oas:UsernameToken><oas:Username>USUARIO</oas:Username>
<oas:Password>senha</oas:Password></oas:UsernameToken></oas:Security>
</soapenv:Header>
<soapenv:Body>
<v11:listarMedida>
<v11:pontoMedicao><v12:codigo>ABCDEFGH01-01</v12:codigo></v11:pontoMedicao>
<v11:tipoMedida>CONSOLIDADA</v11:tipoMedida>
<v11:tipoMedicao>COLETA</v11:tipoMedicao>
<v11:periodo><v12:inicio>2020-04-01T00:00:00</v12:inicio>
<v12:fim>2020-04-30T00:00:00</v12:fim></v11:periodo>
</v11:listarMedida>
</soapenv:Body>
</soapenv:Envelope>"""
MEASURES = """<?xml version="1.0" encoding="UTF-8"?>
<io2:Envelope xmlns:io2="http://schemas.xmlsoap.org/soap/envelope/"><io2:Body>
<out:listarMedidaResponse
  xmlns:out="http://xmlns.energia.org.br/BM/v1"
  xmlns:out2="http://xmlns.energia.org.br/BO/v1"><out:medidas>
<out:medida>
<out2:periodo><out2:inicio>2020-04-01T00:00:00-03:00</out2:inicio>
<out2:fim>2020-04-01T01:00:00-03:00</out2:fim></out2:periodo>
<out2:pontoMedicao><out2:codigo>ABCDEFGH01-01</out2:codigo></out2:pontoMedicao>
<out2:status>HCC</out2:status>
<out2:geracaoAtiva>0.0</out2:geracaoAtiva><out2:geracaoReativo>12.5</out2:geracaoReativo>
<out2:consumoAtivo>1234.98</out2:consumoAtivo><out2:consumoReativo>0.0</out2:consumoReativo>
<out2:tipoMedicao>COLETA</out2:tipoMedicao><out2:subTipo>L</out2:subTipo>
</out:medida>
</out:medidas></out:listarMedidaResponse>
</io2:Body></io2:Envelope>"""


class Made(NamedTuple):
    """The package of the service, and the folder of its schemas."""

    package: Any
    schemas: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("namespaces")
    result = generate(SPECS, SYSTEM, (), PACKAGE)
    assert not result.problems, "\n".join(map(str, result.problems))
    for artifact in result.artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, "utf-8")
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(f"{PACKAGE}.{SYSTEM}")
        yield Made(package, folder / "schemas" / SYSTEM)
    finally:
        sys.path.remove(str(folder))


class Service(httpx2.BaseTransport):
    """Answers with one text, and keeps what it was sent."""

    def __init__(self, reply: str) -> None:
        self.reply = reply
        self.sent: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        return httpx2.Response(
            200, headers={"Content-Type": "text/xml"}, content=self.reply.encode()
        )


def client_of(made: Made, transport: httpx2.BaseTransport) -> Any:
    return made.package.Client(
        username="USUARIO", password="senha", agent_profile="123", transport=transport, strict=True
    )


def prices_of(made: Made, client: Any, **options: Any) -> Any:
    models = made.package.models
    query = models.PriceQuery(
        period=models.AskedPeriod(starts_at=DAY, ends_at=DAY + datetime.timedelta(days=29)),
        kinds=models.PriceKinds(value=models.PriceKind(kind="HORARIO")),
    )
    return client.list_prices(
        page_number=1, items_of_page=2, queries=models.PriceQueries(query=query), **options
    )


def measures_of(made: Made, client: Any) -> Any:
    models = made.package.models
    return client.list_measures(
        kind="CONSOLIDADA",
        measured="COLETA",
        point=models.Coded(code="ABCDEFGH01-01"),
        period=models.AskedPeriod(starts_at=DAY, ends_at=DAY + datetime.timedelta(days=29)),
    )


def tree_of(element: Any) -> Any:
    """Return an element as its whole name with its text, or with what it holds."""
    children = [tree_of(child) for child in element]
    return element.tag, children or (element.text or "").strip()


def parts_of(message: bytes) -> dict[str, Any]:
    """Return the blocks of the header and the body by name: blocks may stand in any order."""
    root = etree.fromstring(message)
    return {child.tag: tree_of(child) for part in root for child in part}


def test_prices_are_asked_for_as_the_service_shows_it(made: Made) -> None:
    service = Service(PRICES)
    prices_of(made, client_of(made, service))
    [request] = service.sent
    assert parts_of(request.read()) == parts_of(PRICES_ASKED.encode())
    assert request.headers["SOAPAction"] == '"listarPLD"'


def test_measures_are_asked_for_as_the_service_shows_it(made: Made) -> None:
    service = Service(MEASURES)
    measures_of(made, client_of(made, service))
    [request] = service.sent
    assert parts_of(request.read()) == parts_of(MEASURES_ASKED.encode())


def test_prices_are_read_whatever_their_prefixes(made: Made) -> None:
    reply = prices_of(made, client_of(made, Service(PRICES)))
    assert reply.deviations == ()
    [record] = reply.records
    assert record.period.starts_at == DAY
    found = [(one.submarket.code, one.amount.price_brl_per_mwh) for one in record.prices.items]
    assert found == [("1", Decimal("39.68")), ("2", Decimal("41.02"))]


def test_measures_are_read_whatever_their_prefixes(made: Made) -> None:
    reply = measures_of(made, client_of(made, Service(MEASURES)))
    assert reply.deviations == ()
    [record] = reply.records
    assert (record.consumed_kwh, record.generated_kvarh) == (Decimal("1234.98"), Decimal("12.5"))
    assert record.point.code == "ABCDEFGH01-01"


def test_what_the_header_of_a_reply_says_stands_beside_the_list(made: Made) -> None:
    reply = prices_of(made, client_of(made, Service(PRICES)))
    assert reply.beside == made.package.models.ListPricesBeside(
        transaction_id="12345678-1234-1234-1234-123456789012",
        page_number=1,
        items_of_page=2,
        page_count=360,
        item_count=720,
    )
    assert measures_of(made, client_of(made, Service(MEASURES))).beside.transaction_id is None


def test_a_header_block_of_another_version_is_a_deviation_and_read(made: Made) -> None:
    newer = PRICES.replace("energia.org.br/MH/v1", "energia.org.br/MH/v2")
    client = client_of(made, Service(newer))
    reply = prices_of(made, client, strict=False)
    assert {one.rule for one in reply.deviations} == {"other-namespace"}
    assert reply.beside.page_count == 360


def test_a_header_without_totals_is_a_deviation(made: Made) -> None:
    start, _, rest = PRICES.partition("<hdr:paginacao>")
    bare = start + rest.partition("</hdr:paginacao>")[2]
    with pytest.raises(DeviationError) as caught:
        prices_of(made, client_of(made, Service(bare)))
    assert {(one.path, one.rule) for one in caught.value.problems} == {
        (f"beside.{name}", "missing-field")
        for name in ("page_number", "items_of_page", "page_count", "item_count")
    }


def test_a_number_of_pages_that_is_there_twice_is_none(made: Made) -> None:
    twice = PRICES.replace("<hdr:totalPaginas>", "<hdr:totalPaginas>7</hdr:totalPaginas>"
                           "<hdr:totalPaginas>")  # fmt: skip
    with pytest.raises(UnexpectedReplyError, match="cannot be read"):
        prices_of(made, client_of(made, Service(twice)))


def test_an_identifier_that_is_there_twice_is_none(made: Made) -> None:
    twice = PRICES.replace("<mh:transactionId>", "<mh:transactionId>7</mh:transactionId>"
                           "<mh:transactionId>")  # fmt: skip
    with pytest.raises(UnexpectedReplyError, match="cannot be read"):
        prices_of(made, client_of(made, Service(twice)))


def test_a_walk_ends_with_the_last_page_that_the_header_counts(made: Made) -> None:
    class Pages(Service):
        """Answers each request with prices of another hour."""

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            hour = f"2020-04-01T{len(self.sent):02}:00"
            self.reply = three.replace("2020-04-01T00:00", hour)
            return super().handle_request(request)

    three = PRICES.replace("<hdr:totalPaginas>360<", "<hdr:totalPaginas>3<")
    service = Pages(three)
    models = made.package.models
    query = models.PriceQuery(
        period=models.AskedPeriod(starts_at=DAY, ends_at=DAY),
        kinds=models.PriceKinds(value=models.PriceKind(kind="HORARIO")),
    )
    queries = models.PriceQueries(query=query)
    walk = client_of(made, service).iter_prices(queries=queries, page_size=1)
    assert len(list(walk)) == 3
    asked = [parts_of(request.read()) for request in service.sent]
    mh = "{http://xmlns.energia.org.br/MH/v1}"
    numbers = [dict(one[f"{mh}paginacao"][1])[f"{mh}numero"] for one in asked]
    assert numbers == ["1", "2", "3"]


def test_an_element_of_another_version_is_a_deviation(made: Made) -> None:
    newer = MEASURES.replace("energia.org.br/BO/v1", "energia.org.br/BO/v2")
    client = client_of(made, Service(newer))
    models = made.package.models
    reply = client.list_measures(
        kind="FINAL", period=models.AskedPeriod(starts_at=DAY, ends_at=DAY), strict=False
    )
    assert {one.rule for one in reply.deviations} == {"other-namespace"}
    assert reply.records[0].consumed_kwh == Decimal("1234.98")


def test_the_mock_takes_what_the_client_sends_and_its_schema_allows_what_it_answers(
    made: Made,
) -> None:
    mock = importlib.import_module(f"{PACKAGE}.{SYSTEM}.mock")
    transport = MockTransport(mock.application(username="USUARIO", password="senha"))
    client = client_of(made, transport)
    schema = etree.XMLSchema(file=str(made.schemas / f"{SYSTEM}.xsd"))
    for reply in (prices_of(made, client), measures_of(made, client)):
        assert reply.records
        assert reply.beside.transaction_id
        header, body = etree.fromstring(reply.raw.body)
        for part in (*header, *body):
            schema.assertValid(part)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_zeep_writes_the_same_message_from_the_description(made: Made) -> None:
    read: Any = zeep.Client  # zeep has no types
    client = read(str(made.schemas / f"{SYSTEM}.wsdl"))
    query = {
        "vigencia": {"inicio": "2020-04-01T00:00:00", "fim": "2020-04-30T00:00:00"},
        "valores": {"valor": {"tipo": "HORARIO"}},
    }
    mh = "{http://xmlns.energia.org.br/MH/v1}"
    caller = client.get_element(f"{mh}messageHeader")(codigoPerfilAgente="123")
    page = client.get_element(f"{mh}paginacao")(numero="1", quantidadeItens="2")
    written = client.create_message(
        client.bind("listarPLD"), "list_prices", plds={"pld": query}, _soapheaders=[caller, page]
    )
    wanted = parts_of(PRICES_ASKED.encode())
    found = parts_of(etree.tostring(written))
    assert found == {name: part for name, part in wanted.items() if "oasis-open" not in name}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_zeep_reads_the_header_of_a_reply_by_the_description(made: Made) -> None:
    read: Any = zeep.Client  # zeep has no types
    client = read(str(made.schemas / f"{SYSTEM}.wsdl"))
    mock = importlib.import_module(f"{PACKAGE}.{SYSTEM}.mock")
    own = client_of(made, MockTransport(mock.application(username="USUARIO", password="senha")))
    for name, body in (("mock", prices_of(made, own).raw.body), ("real", PRICES.encode())):
        operation = client.bind("listarPLD")._binding._operations["list_prices"]
        found = operation.process_reply(etree.fromstring(body))
        caller, page = (found.header[part] for part in found.header)
        assert caller.transactionId, name
        assert page.totalPaginas, name
