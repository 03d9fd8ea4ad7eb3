"""The CDK CLI, as it is, against the local AWS: what it makes of an app, and where that goes."""
