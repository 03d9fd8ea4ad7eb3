"""What the service tells EventBridge and CloudWatch."""
