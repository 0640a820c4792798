"""Parole libre: a place to say what weighs, confidentially. One file per part of it."""
