"""Translations: Qt Linguist sources and the compiled catalogues made from them."""
