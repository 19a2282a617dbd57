"""What the report and the sheets draw alike: elements, how a value is written, charts as inline SVG."""
