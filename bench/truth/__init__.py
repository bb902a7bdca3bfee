"""How far the shown figure lies from a known truth when publishers make mistakes."""
