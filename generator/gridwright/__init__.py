"""Turn interface specs into typed clients, validators, mocks and reference pages."""
