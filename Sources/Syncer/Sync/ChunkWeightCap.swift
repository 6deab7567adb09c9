/// The unit of a weight that a destination limits per chunk, such as bytes or bound variables.
public struct WeightUnit: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name of the unit.
  public let name: String

  /// Creates a unit from its name.
  public init(_ name: String) {
    self.name = name
  }

  public init(stringLiteral name: String) {
    self.name = name
  }

  /// Bytes, as the destination counts them.
  public static let bytes: WeightUnit = "bytes"

  public var description: String { name }
}

/// The caps on the total weight of a chunk's items, by unit.
///
/// ```swift
/// let report = try await syncer.chunkedSync(
///   chunkTime: .seconds(5), chunkCap: 400, chunkWeightCap: ["bytes": 2_000_000])
/// ```
public struct ChunkWeightCap: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// A cap in one unit.
  public struct Limit: Sendable, Equatable {
    /// The unit.
    public var unit: WeightUnit
    /// The maximum weight of a chunk, at least 1.
    public var atMost: Int

    /// Creates a cap.
    public init(_ unit: WeightUnit, atMost: Int) {
      self.unit = unit
      self.atMost = atMost
    }
  }

  /// The treatment of an item that is heavier than a cap by itself.
  public enum HeavierItems: Sendable, Equatable {
    /// The item is a chunk of its own.
    case alone
    /// The item fails with `ItemTooHeavy`, without being handled.
    case fail
  }

  /// The caps, all of which hold.
  public var limits: [Limit]
  /// The treatment of an item that is heavier than a cap by itself.
  public var heavierItems: HeavierItems

  /// Creates caps.
  public init(_ limits: [Limit], heavierItems: HeavierItems = .alone) {
    self.limits = limits
    self.heavierItems = heavierItems
  }

  /// Creates caps by unit; heavier items are chunks of their own.
  public init(dictionaryLiteral elements: (WeightUnit, Int)...) {
    self.init(elements.map { Limit($0.0, atMost: $0.1) })
  }

  func validate() throws(SyncArgumentError) {
    for limit in limits where limit.atMost < 1 {
      throw .chunkWeightCapBelowOne(limit.unit, limit.atMost)
    }
  }
}

/// The error of an item that is heavier than a chunk may be.
public struct ItemTooHeavy: Error, Equatable, CustomStringConvertible {
  /// The unit.
  public var unit: WeightUnit
  /// The weight of the item.
  public var weight: Int
  /// The maximum weight of a chunk.
  public var cap: Int

  public var description: String {
    "The item weighs \(weight) \(unit), and a chunk may weigh \(cap) at most; divide the item, or "
      + "let heavier items be chunks of their own."
  }
}

/// Weighs the items of the chunk that is filled against the caps.
@usableFromInline
struct ChunkScale: Sendable {
  /// Where an item goes that was weighed.
  @usableFromInline
  enum Verdict: Sendable {
    case fits
    /// Into the next chunk.
    case isTooMuch
    /// Nowhere.
    case fails(ItemTooHeavy)
  }

  @usableFromInline let limits: [ChunkWeightCap.Limit]
  /// How many of them were asked for; the others were found.
  private let askedCount: Int
  private let heavierItems: ChunkWeightCap.HeavierItems
  /// What the chunk weighs, and the item weighed last, by the position of the limit.
  private var sums: [Int]
  private var latest: [Int]

  @usableFromInline
  init(_ cap: ChunkWeightCap?, _ found: [FoundLimit]) {
    let asked = cap?.limits ?? []
    askedCount = asked.count
    limits =
      asked
      + found.compactMap { limit in
        limit.unit.map { ChunkWeightCap.Limit($0, atMost: limit.cap) }
      }
    heavierItems = cap?.heavierItems ?? .alone
    sums = [Int](repeating: 0, count: limits.count)
    latest = sums
  }

  /// Whether anything is weighed.
  @usableFromInline var isNeeded: Bool { !limits.isEmpty }

  /// Weighs an item; the first of a chunk fits unless it fails.
  @inlinable
  mutating func weigh(_ weight: (WeightUnit) -> Int, isFirst: Bool) -> Verdict {
    var verdict = Verdict.fits
    for (index, limit) in limits.enumerated() {
      note(weight(limit.unit), at: index, limit, isFirst: isFirst, &verdict)
    }
    return verdict
  }

  @usableFromInline
  mutating func note(
    _ weight: Int, at index: Int, _ limit: ChunkWeightCap.Limit, isFirst: Bool,
    _ verdict: inout Verdict
  ) {
    latest[index] = max(0, weight)
    if case .fails = verdict { return }
    if heavierItems == .fail && index < askedCount && weight > limit.atMost {
      verdict = .fails(ItemTooHeavy(unit: limit.unit, weight: weight, cap: limit.atMost))
      return
    }
    let (sum, overflow) = sums[index].addingReportingOverflow(latest[index])
    if !isFirst && (overflow || sum > limit.atMost) { verdict = .isTooMuch }
  }

  /// Adds the item weighed last to the chunk.
  @usableFromInline
  mutating func take() {
    for index in sums.indices {
      let (sum, overflow) = sums[index].addingReportingOverflow(latest[index])
      sums[index] = overflow ? .max : sum
    }
  }
}
