import Syncer

/// How near chunks came to the time they were meant to take.
struct Nearness: Sendable, Equatable {
  private var chunkCount = 0
  private var sumOfShares = 0.0
  private var totalSeconds = 0.0
  private var nearSeconds = 0.0

  /// Adds a chunk that had a target.
  mutating func add(_ chunk: ChunkRecord) {
    guard let target = chunk.target.map({ $0 / .seconds(1) }) else { return }
    let seconds = chunk.duration / .seconds(1)
    chunkCount += 1
    sumOfShares += seconds / target
    totalSeconds += seconds
    // An item that takes longer than the target cannot be cut.
    let meant = max(target, chunk.longestItem)
    if abs(seconds - meant) <= 0.2 * meant { nearSeconds += seconds }
  }

  /// The mean of duration over target; nil without a chunk.
  var meanOfTarget: Double? { chunkCount > 0 ? sumOfShares / Double(chunkCount) : nil }

  /// The share of the time that went into chunks within 20 % of their target, or of their longest
  /// item where that is longer.
  var nearTargetShare: Double? { totalSeconds > 0 ? nearSeconds / totalSeconds : nil }
}

extension ChunkRecord {
  /// The seconds that the longest item of the chunk took to handle.
  var longestItem: Double { classes.map(\.handling.longestSeconds).max() ?? 0 }
}
