"""How AWS names things: ARNs, places, and objects in S3."""
