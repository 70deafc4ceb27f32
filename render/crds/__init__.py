"""What is made of the models for others: the CustomResourceDefinitions and the field reference."""
