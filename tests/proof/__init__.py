"""The proof of parole libre: scenarios played twice, planted leaks that must be caught, files that are searched."""
