"""Templates, the deployed one beside the next: what their expressions come to before CloudFormation runs."""
