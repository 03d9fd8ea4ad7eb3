"""The AWS services around Bedrock, as the emulator has them: what Bedrock, the gate and the mends ask of them."""
