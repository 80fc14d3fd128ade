"""A campaign against what clients promise: much is tried, by seed. No part of a release."""
