"""What pages about people of a run need: small sealed files, laid out from its folder, gone when its key goes."""
