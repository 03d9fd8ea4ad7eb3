"""What tokens cost: as it is told, or as AWS's Price List has it."""
