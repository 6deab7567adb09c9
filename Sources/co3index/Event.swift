import Foundation
import Syncer
import SyncerFiles

/// One line of `--json`: what happened, with the fields that belong to it.
struct Event: Encodable, Equatable {
  var event: String
  var chunk: Int?
  var items: Int?
  var added: Int?
  var updated: Int?
  var deleted: Int?
  var skipped: Int?
  var handleS: Double?
  var processS: Double?
  var durationS: Double?
  /// How long the chunk was meant to take.
  var targetS: Double?
  /// What the chunk took, over its target; at the end the mean of all chunks.
  var ofTarget: Double?
  var longestItemS: Double?
  var closeReason: String?
  /// The share of the time in chunks within 20 % of their target or longest item.
  var nearTargetShare: Double?
  /// The whole run, with the reading of the tree.
  var totalS: Double?
  /// Files that were read again and have other contents than their rows.
  var mismatched: Int?
  var path: String?
  /// The path's bytes, where they are not UTF-8.
  var pathBase64: String?
  var reason: String?

  init(_ event: String) {
    self.event = event
  }

  /// An event about a path.
  init(_ event: String, _ path: TreePath, reason: String? = nil) {
    self.event = event
    self.path = path.text ?? path.description
    if path.text == nil { pathBase64 = Data(path.bytes).base64EncodedString() }
    self.reason = reason
  }

  /// An event about changes.
  init(_ event: String, _ changes: ChangeCounts) {
    self.event = event
    added = changes.added
    updated = changes.updated
    deleted = changes.deleted
  }

  /// The event as a line of JSON, keys in the order of the alphabet.
  var line: String {
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
