/// Orders by hint.
package enum HintOrder {
  /// The places of hints from the largest to the smallest; equal ones stay as they are, and places
  /// without a hint come last.
  package static func longestFirst(_ hints: [Double?]) -> [Int] {
    var places = Array(hints.indices)
    SyncOrder.largestFirst.arrange(&places) { hints[$0] }
    return places
  }
}
