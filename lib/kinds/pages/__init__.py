"""The pages of a kind. Apps get them with their rights bound: ``tenancy.kinds.routes(kind)``."""
