"""The steps. Once released a step is never changed: a later one mends it."""
