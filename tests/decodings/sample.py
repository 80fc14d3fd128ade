"""The package that is generated from `sample.yaml`."""

from pathlib import Path

from tests.generated_packages import load_package

_SPEC = Path(__file__).with_name("sample.yaml").read_bytes()
models, validators, operations = load_package(
    _SPEC, "reader_apis.sample", "models", "validators", "operations"
)
