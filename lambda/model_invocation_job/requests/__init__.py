"""What CloudFormation asks for: its events and their properties, turned from strings into types."""
