"""What keeps the checkout in order: catalogues of translations, the generated parts of the READMEs."""
