"""Assessments for programs."""
