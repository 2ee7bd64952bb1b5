"""Helm 3 and Helm 4 as hosts, simulated: what they hand over, and what they make of the answer."""
