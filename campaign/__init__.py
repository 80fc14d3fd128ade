"""A campaign against what clients promise: much is tried at random, by seed. No part of a release."""
