"""The sides of the block, each a mixin with the handlers of one subject."""
