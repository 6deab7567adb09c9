/// A summary of how near chunks came to their target, on both sides.
public struct Nearness: Sendable, Equatable {
  /// The number of chunks with a target.
  public private(set) var chunkCount = 0
  /// The least ratio of duration to target; nil without a chunk.
  public private(set) var lowest: Double?
  /// The greatest ratio of duration to target; nil without a chunk.
  public private(set) var highest: Double?
  private var sumOfRatios = 0.0
  private var totalSeconds = 0.0
  private var nearSeconds = 0.0

  /// Creates a summary of no chunks.
  public init() {}

  /// Adds a chunk; one without a target is ignored.
  public mutating func add(_ chunk: ChunkRecord) {
    guard let target = chunk.target?.inSeconds, let ratio = chunk.ratioToTarget else { return }
    let seconds = chunk.duration.inSeconds
    chunkCount += 1
    sumOfRatios += ratio
    lowest = min(lowest ?? ratio, ratio)
    highest = max(highest ?? ratio, ratio)
    totalSeconds += seconds
    let floor = max(target, chunk.longestItemSeconds)
    if abs(seconds - floor) <= 0.2 * floor { nearSeconds += seconds }
  }

  /// The mean ratio of duration to target; nil without a chunk.
  public var mean: Double? { chunkCount > 0 ? sumOfRatios / Double(chunkCount) : nil }

  /// The share of time, from 0 to 1, in chunks within 20 % of their target, or of their longest
  /// item if that is longer; nil if no time passed.
  public var nearTargetShare: Double? { totalSeconds > 0 ? nearSeconds / totalSeconds : nil }
}

extension ChunkRecord {
  /// The ratio of duration to target; nil for a sync without chunk time.
  public var ratioToTarget: Double? { target.map { duration.inSeconds / $0.inSeconds } }

  /// Seconds of the longest item, as far as its handling and a reported completion tell.
  package var longestItemSeconds: Double {
    classes.map { $0.handling.longestSeconds + $0.completions.longestSeconds }.max() ?? 0
  }
}

extension SyncReport {
  /// A summary of how near the chunks came to their target; nil for a sync without chunk time.
  public var nearness: Nearness? {
    var nearness = Nearness()
    for chunk in chunks { nearness.add(chunk) }
    return nearness.chunkCount > 0 ? nearness : nil
  }
}

extension SyncReport: CustomStringConvertible {
  /// The work done, the nearness to the target, and the failures, a line each.
  public var description: String {
    var lines = [
      "\(handledCount.counted("item")) in \(chunks.count.counted("chunk")), "
        + "\(DurationText.text(duration.inSeconds)): \(stopReason.rawValue)."
    ]
    if let nearness, let text = nearness.text(of: chunks) { lines.append(text) }
    if let first = failures.first {
      lines.append("\(failures.count.counted("item")) failed; the first: \(first)")
    }
    lines += warnings.map(\.description) + foundLimits.map(\.description)
    return lines.joined(separator: "\n")
  }
}

extension Nearness {
  /// The sentence of a report.
  fileprivate func text(of chunks: [ChunkRecord]) -> String? {
    guard let target = chunks.first?.target, let mean, let lowest, let highest else { return nil }
    let range = chunkCount == 1 ? "" : " on average, \(number(lowest)) to \(number(highest)) times"
    let subject = chunkCount == 1 ? "The chunk took" : "Chunks took"
    let share = nearTargetShare.map {
      "; \(number(100 * $0)) % of the time is in chunks within 20 % of it or of their longest item"
    }
    return "\(subject) \(number(mean)) times the target of "
      + "\(DurationText.text(target.inSeconds))\(range)\(share ?? "")."
  }
}

/// A ratio with three significant digits; one that would read as zero is below what is shown.
private func number(_ value: Double) -> String {
  value > 0 && value < 0.001 ? "<0.001" : DurationText.significant(value)
}

extension Int {
  /// The number and a noun, in the plural unless it is 1.
  package func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
