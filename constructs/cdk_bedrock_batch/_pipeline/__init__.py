"""What a pipeline is made of: its functions, its state machine, its ledger."""
