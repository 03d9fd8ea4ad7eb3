"""What IAM policies say to a request, as far as it can be told: their documents, judged with three answers."""
