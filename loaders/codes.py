"""The forms of codes that several publishers use, in one place."""

GSS_FORM = {"form": "a GSS code such as E06000001"}
GSS = r"^[EWSNKJLM]\d{8}$"
ODS_FORM = {"form": "an ODS code such as RGT or NQ108"}
ODS = r"^[A-Z0-9]{3,6}$"
