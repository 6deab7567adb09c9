internal import Foundation
public import Syncer
public import SyncerTables

/// One line of `--json`: what happened in a sync, with the fields that belong to it.
///
/// The fields of all programs: what means the same has the same name in each.
public struct Event: Encodable, Sendable {
  /// What happened, in a word or two.
  public var event: String
  /// The number of the chunk; at the end how many there were.
  public var chunk: Int?
  /// The number of the share.
  public var share: Int?
  /// How many shares the job has.
  public var shares: Int?
  /// How many items it is about.
  public var items: Int?
  /// Rows added.
  public var added: Int?
  /// Rows updated.
  public var updated: Int?
  /// Rows deleted.
  public var deleted: Int?
  /// Entries that could not be read.
  public var skipped: Int?
  /// What handling took.
  public var handleS: Double?
  /// What processing took.
  public var processS: Double?
  /// What the sync took.
  public var durationS: Double?
  /// How long the chunk was meant to take.
  public var targetS: Double?
  /// What the chunk took, over its target; at the end the mean of all chunks.
  public var ofTarget: Double?
  /// What the longest item took.
  public var longestItemS: Double?
  /// Why the chunk was closed.
  public var closeReason: String?
  /// The share of the time in chunks within 20 % of their target or longest item.
  public var nearTargetShare: Double?
  /// What the whole run took, with what comes before and after the sync.
  public var totalS: Double?
  /// Files that were read again and have other contents than their rows.
  public var mismatched: Int?
  /// The key of the row.
  public var key: String?
  /// The path of the file.
  public var path: String?
  /// The path's bytes, where they are not UTF-8.
  public var pathBase64: String?
  /// Why it happened.
  public var reason: String?

  /// Makes an event.
  public init(_ event: String, reason: String? = nil) {
    self.event = event
    self.reason = reason
  }

  /// Makes an event about changes.
  public init(_ event: String, _ changes: ChangeCounts, reason: String? = nil) {
    self.init(event, reason: reason)
    added = changes.added
    updated = changes.updated
    deleted = changes.deleted
  }

  /// Makes the event of a finished chunk with these changes.
  public init(_ finished: ChunkRecord, _ changes: ChangeCounts) {
    self.init("chunk", changes)
    chunk = finished.number
    items = finished.size
    handleS = finished.handling / .seconds(1)
    processS = finished.processing / .seconds(1)
    targetS = finished.target.map { $0 / .seconds(1) }
    ofTarget = finished.target.map { finished.duration / $0 }
    closeReason = finished.closeReason.rawValue
  }

  /// Makes the last event: what the whole sync changed and how near its chunks came to their target.
  public init(
    end changes: ChangeCounts, target: Duration?, _ nearness: Nearness, total: Duration,
    reason: String
  ) {
    self.init("end", changes, reason: reason)
    targetS = target.map { $0 / .seconds(1) }
    ofTarget = nearness.mean
    nearTargetShare = nearness.nearTargetShare
    totalS = total / .seconds(1)
  }

  /// The event as a line of JSON, keys in the order of the alphabet.
  public var line: String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("An event of numbers and texts is always JSON; \(self) is not: \(error).")
    }
  }
}

extension Nearness {
  /// How near the chunks came to the time they were meant to take, in brackets after their number.
  ///
  /// The only chunk of a sync says nothing about that.
  public func aside(target: Duration?) -> String {
    guard let target, let mean, let nearTargetShare, chunkCount > 1 else { return "" }
    return " (on average \(DurationText.significant(mean)) of the "
      + "\(DurationText.text(target / .seconds(1))) meant, "
      + "\(Int((100 * nearTargetShare).rounded())) % of the time near it)"
  }
}
