"""Disclosure control: what may be shown of a count, the audit of it, and the proof.

Named rules (`rules.toml`) hide small counts and round all others, each on its own. The audit then
derives what every audience could, from all it was ever shown, and shows less until that is safe.
`release.py` does this for a release; readers need none of it.
"""
