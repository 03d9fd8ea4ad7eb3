"""How input is split: records out of files, into shards that are whole or not there."""
