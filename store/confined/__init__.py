"""What runs in the confined process: the engine, the layers around it, and no other room."""
