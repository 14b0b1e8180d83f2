"""Where people live: counts by village, subdistrict, district and province, and the map layer made of them."""
