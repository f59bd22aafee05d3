"""How the chapters of part V measure; one file each. Engines are passed in."""
