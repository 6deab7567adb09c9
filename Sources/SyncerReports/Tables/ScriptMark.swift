internal import Syncer
internal import SyncerSimulation

/// The first line of a script, which tells one that somebody restyled from one as it was written.
enum ScriptMark {
  private static let start = "# co3sim "

  /// The script below its mark.
  static func marked(_ body: String) -> String { "\(start)\(digest(of: body.utf8))\n\(body)" }

  /// Whether a script is one of co3sim that nobody changed.
  static func isUnchanged(_ script: [UInt8]) -> Bool {
    let parts = script.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].elementsEqual((start + digest(of: parts[1])).utf8)
  }

  private static func digest(of body: some Sequence<UInt8>) -> String {
    var hash = StableHash()
    Array(body).withUnsafeBytes { hash.add($0) }
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
