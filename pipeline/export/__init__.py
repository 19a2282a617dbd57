"""What leaves the pipeline for people who design: one GeoPackage that opens styled, and a manifest."""
