"""Runs of pipelines, which begin and end with what is deployed."""
