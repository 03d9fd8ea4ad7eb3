"""Files of OpenAI's Batch API, turned into records: https://platform.openai.com/docs/guides/batch."""
