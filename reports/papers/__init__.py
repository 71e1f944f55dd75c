"""Papers that go out: what they say in Chinese, and as Word. Their words are Chinese in every interface language."""
