"""What else can be wrong: in form, in links, in what a policy owes its readers, in a record that a shop kept."""
