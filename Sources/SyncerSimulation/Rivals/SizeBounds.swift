/// Checks the bounds of the sizes that a rule proposes.
func checkSizes(from least: Int, to largest: Int) {
  precondition(least >= 1, "A least chunk size is at least 1; it is \(least).")
  precondition(
    largest >= least,
    "A largest chunk size is at least the least one, \(least); it is \(largest).")
}
