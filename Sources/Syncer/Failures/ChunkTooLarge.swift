/// An error for `processChunk` to throw when the destination refuses a chunk for its size.
///
/// It means that nothing of the chunk was processed. The sync divides the chunk and tries its
/// parts, under every `FailurePolicy`, and fills later chunks only up to the limit found. An item
/// that is refused alone counts as failed.
public struct ChunkTooLarge: Error, Equatable, CustomStringConvertible {
  /// The limit of the destination; nil if it does not name one.
  public var limit: Int?
  /// The unit of the limit, as in the handler's `weight(of:in:)`; nil for the number of items.
  public var unit: WeightUnit?

  /// Creates an error.
  ///
  /// If the limit is not known, the sync searches it between the heaviest chunk that was accepted
  /// and the lightest that was refused.
  public init(limit: Int? = nil, in unit: WeightUnit? = nil) {
    self.limit = limit
    self.unit = unit
  }

  public var description: String {
    let most = limit.map { ", which takes \($0) \(unit?.name ?? "items") at most" } ?? ""
    return "The destination refuses an item for its size\(most); divide the item, or leave it out."
  }
}

/// A limit of the destination, found by refusals.
public struct FoundLimit: Sendable, Equatable, CustomStringConvertible {
  /// The unit of the limit; nil for the number of items.
  public let unit: WeightUnit?
  /// The number of refused calls of `processChunk`.
  public private(set) var refusals = 0
  /// The smallest weight that was refused.
  public private(set) var refused = Int.max
  /// The largest weight known to be accepted: by a call, or as named by the destination.
  public private(set) var taken = 0

  init(unit: WeightUnit?) {
    self.unit = unit
  }

  /// The weight that chunks are filled to, at least 1.
  ///
  /// Halfway between accepted and refused, until the two are close to each other.
  public var cap: Int {
    let gap = refused - taken
    return max(1, gap <= max(1, refused / Self.closeness) ? taken : taken + gap / 2)
  }

  /// The part of a limit that is not worth another refusal.
  private static let closeness = 32

  /// Learns that a call was refused that weighed so much.
  mutating func refuse(_ weight: Int, limit: Int?) {
    refusals += 1
    refused = min(refused, max(1, weight))
    if let limit, limit >= 1, limit < refused {
      taken = limit
      refused = limit + 1
    } else if taken >= refused {
      // What is refused is not quite what is weighed: keep away from it.
      taken = refused - max(1, refused / 8)
    }
  }

  /// Learns that a call was taken that weighed so much.
  mutating func take(_ weight: Int) {
    taken = max(taken, min(weight, refused - 1))
  }

  public var description: String {
    "\(refusals) calls of processChunk were refused for their size; chunks have \(cap) "
      + "\(unit?.name ?? "items") at most. Give it as "
      + (unit.map { "chunkWeightCap for \($0)." } ?? "chunkCap.")
  }
}

extension SyncRun {
  /// The most items in a chunk, as far as is known.
  @usableFromInline var countCap: Int {
    let found = foundLimits.first { $0.unit == nil }?.cap
    return min(limits.chunkCap ?? .max, found ?? .max)
  }

  /// What some items weigh in a unit, or how many there are.
  private func weight(of items: some Collection<BacklogItem>, in unit: WeightUnit?) -> Int {
    guard let unit else { return items.count }
    return items.reduce(0) { sum, item in
      let (more, overflow) = sum.addingReportingOverflow(max(0, weight(of: item, in: unit)))
      return overflow ? .max : more
    }
  }

  /// Notes that a call of `processChunk` was refused.
  mutating func note(_ refusal: ChunkTooLarge, of items: [BacklogItem]) {
    // What weighs nothing in the unit can only be counted.
    let unit = refusal.unit.flatMap { weight(of: items, in: $0) > 0 ? $0 : nil }
    let index =
      foundLimits.firstIndex { $0.unit == unit }
      ?? {
        foundLimits.append(FoundLimit(unit: unit))
        return foundLimits.count - 1
      }()
    let limit = unit == refusal.unit ? refusal.limit : nil
    foundLimits[index].refuse(weight(of: items, in: unit), limit: limit)
  }

  /// Notes that a call of `processChunk` was taken.
  @usableFromInline
  mutating func noteTaken(_ items: [BacklogItem]) {
    for index in foundLimits.indices {
      foundLimits[index].take(weight(of: items, in: foundLimits[index].unit))
    }
  }

  /// How many of some items, at least 1, one call is expected to take.
  func takenCount(of items: [BacklogItem]) -> Int {
    var scale = ChunkScale(nil, foundLimits)
    let most = min(items.count, countCap)
    for (count, item) in items.prefix(most).enumerated() {
      if case .isTooMuch = scale.weigh({ weight(of: item, in: $0) }, isFirst: count == 0) {
        return count
      }
      scale.take()
    }
    return most
  }
}
