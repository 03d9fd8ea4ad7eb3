"""The one answer to a request of CloudFormation: decided, and delivered."""
