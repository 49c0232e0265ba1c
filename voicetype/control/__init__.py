"""Qt objects without widgets: they drive sessions and model life cycles."""
