"""The story around the stage: what happened, the coach, lessons, presenting and sharing."""
