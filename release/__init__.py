"""What a release must hold: one version everywhere, and the lowest versions that are promised."""
