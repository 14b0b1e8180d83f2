"""Runs: steps one after the other in a folder of their own, each with a receipt, going on after a stop, erasing."""
