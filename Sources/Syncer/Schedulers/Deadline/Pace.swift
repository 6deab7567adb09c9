/// How much longer everything takes than is remembered from an earlier sync.
///
/// A machine may be another one, or as busy as it was not then: until this sync has shown, all that is
/// remembered is doubted together.
struct Pace: Sendable, Equatable {
  /// The variance of the pace, in squares of it; 0 where nothing is remembered.
  private(set) var doubt = 0.0

  /// By how much the root of what is expected, squared, is more than what is expected.
  var caution: Double { (1 + doubt).squareRoot() }

  /// Whether there is something to find out.
  var isOpen: Bool { doubt > DeadlineConstants.paceKnown }

  /// Takes costs of an earlier sync for a guide.
  mutating func open() { doubt = DeadlineConstants.paceDoubt }

  /// Learns how long something took in proportion to what is remembered.
  ///
  /// Most machines are the one that is remembered: what the scatter of items explains changes nothing.
  ///
  /// - Parameters:
  ///   - ratio: What it took over what was expected.
  ///   - squaredError: How far that may be off, in squares of what was expected; above 1 says nothing.
  /// - Returns: by how much what is remembered is to be multiplied.
  mutating func learn(_ ratio: Double, squaredError: Double) -> Double {
    guard isOpen, ratio.isFinite, squaredError <= 1 else { return 1 }
    let error = squaredError.squareRoot()
    let explained = DeadlineConstants.paceDeviations * error + DeadlineConstants.paceTolerance
    if abs(ratio - 1) > explained {
      doubt *= squaredError / (doubt + squaredError)
      return min(max(ratio, 0.001), 1000)
    }
    // What is explained by scatter may still be the first of a slower machine.
    let open = max(0, ratio - 1) + error
    doubt = min(doubt, open * open)
    return 1
  }
}
