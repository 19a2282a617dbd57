"""The maps: one self-contained HTML file each, and the front page that lists them."""
