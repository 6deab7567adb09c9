/// Numbered values that become ready in any order and are taken in theirs, from 0.
struct InOrder<Value: Sendable>: Sendable {
  /// How many were taken.
  private(set) var takenCount = 0
  private var waiting: [Int: Value] = [:]

  /// How many wait for one before them.
  var waitingCount: Int { waiting.count }

  /// Adds a value; takes it and those that waited for it, in order, unless one before is missing.
  mutating func add(
    _ value: Value, number: Int, take: (Int, Value) throws -> Void
  ) rethrows {
    waiting[number] = value
    while let value = waiting.removeValue(forKey: takenCount) {
      try take(takenCount, value)
      takenCount += 1
    }
  }
}
