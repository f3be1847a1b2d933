"""Everything that stands in for the world: head-end, cards, simulator. Never shipped, never imported by what is."""
