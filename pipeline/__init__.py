"""From open Dutch geodata to the fact base of a rail zone.

    config.toml ─► config      sources ─► load ─► data_raw/<source>.gpkg + receipt
                                            │
                                            ▼
                                          clip ─► corridor, axis, units, every layer cut to them
                                            │
                                            ▼
                                         compute ─► every indicator for every unit
                                            │
                                            ▼
                                         export ─► data_out/spoorzone.gpkg, maps/*.html

Data flows down this picture and never up. `flow` is the only module that knows the order.
"""

__version__ = "0.1.0"
