"""Pages of units beyond what every kind has (lib.kinds): the tree, posts, lists, ends, telephones."""
