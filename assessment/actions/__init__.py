"""Writing: rubrics, the stages of an assessment, what people bring to it."""
