"""QR codes of addresses, as pictures that stand in the page itself."""

import segno


def picture(address: str) -> str:
    """The address as an SVG in a `data:` address, for <img>. Never called with a password."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2)
