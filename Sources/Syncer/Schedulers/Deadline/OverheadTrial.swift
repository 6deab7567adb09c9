/// Tells an overhead from items that cost as much, where every chunk has one item.
///
/// Two chunks of one item that took more than half the target, and alike, may be an overhead. A
/// chunk of two then decides: at worst it takes twice its floor, once.
struct OverheadTrial: Sendable, Equatable {
  /// What a chunk of one item took, and how far those that were alike differed, in seconds.
  typealias Alike = (single: Double, spread: Double)

  private(set) var hasOnlySingles = true
  /// How many chunks there were, as long as all were alike.
  private var alike: Int? = 0
  private var latest = 0.0
  /// By how much two that followed each other differed at most, in seconds.
  private var spread = 0.0

  /// Nothing is to be found out where an overhead is remembered.
  mutating func settle() {
    hasOnlySingles = false
    alike = nil
  }

  var isDue: Bool { hasOnlySingles && (alike ?? 0) >= 2 }

  /// Adds a chunk; returns those that were alike where this one decides.
  mutating func decide(count: Int, seconds: Double, target: Double) -> Alike? {
    let wasDue = isDue
    if count > 1 {
      hasOnlySingles = false
      return wasDue && count == 2 ? (latest, spread) : nil
    }
    let isFirst = alike == 0
    let isAlike = isFirst || abs(seconds - latest) < DeadlineConstants.likeness * latest
    if !isFirst { spread = max(spread, abs(seconds - latest)) }
    alike = seconds > target / 2 && isAlike ? alike.map { $0 + 1 } : nil
    latest = seconds
    return nil
  }
}
