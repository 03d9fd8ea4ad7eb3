"""A page about a job: one HTML file that needs nothing else, neither network nor script."""

from bedrock_batch.page.facts import gather_facts
from bedrock_batch.page.render import render_page

__all__ = ["gather_facts", "render_page"]
