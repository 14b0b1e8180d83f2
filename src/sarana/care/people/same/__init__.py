"""Two records that may be of one person: found by the machine, judged and joined by people, who may take it back."""
