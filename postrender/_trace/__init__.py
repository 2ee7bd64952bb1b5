"""What the steps did to a stream: its diff with a step for each line, and the past of a field."""
