"""What the screen says, aloud: its semantic tree becomes sentences, these what people read, and a voice says it."""
