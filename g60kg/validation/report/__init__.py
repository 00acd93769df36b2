"""Validation reports: findings, and their formats."""
