"""What the store costs, measured against the bare engine on the same data."""
