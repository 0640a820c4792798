"""Figures of copbot against the machine it runs on, measured side by side in one run."""
