/// The order in which a sync works off its entries.
public enum SyncOrder: Sendable, Equatable {
  /// First-seen order: that of the left selection, then that of entries only the right one has.
  case listed
  /// First-seen order, in which items may wait a few chunks while others overtake them.
  ///
  /// This lets a scheduler continue a chunk past an item of an unknown class.
  case roughlyListed
  /// A random order that follows from the seed, on every platform and with every toolchain.
  case shuffled(seed: UInt64)
  /// A random order within windows of listed entries, for streams.
  ///
  /// A window has at least one entry. The order follows from the seed, as in `shuffled`.
  case shuffledInWindows(of: Int, seed: UInt64)
  /// The smallest hint first, so that the most items are done if the sync is interrupted.
  ///
  /// In this and the other orders by hint, the hints of all classes must have one unit. Equal hints
  /// stay as listed, and items without a hint come last. Items may wait a few chunks while others
  /// overtake them.
  case smallestFirst
  /// The largest hint first, so that workers end at about the same time.
  ///
  /// Graham's rule of the longest processing time ("Bounds on multiprocessing timing anomalies",
  /// 1969).
  case largestFirst
  /// The smallest and the largest remaining hint in turn, so that neither kind waits for all of the
  /// other.
  ///
  /// Use it for handling one item after the other; workers would be idle beside unequal items.
  case mixed

  /// A random order with a fresh seed, which the report names.
  public static func shuffled() -> SyncOrder {
    .shuffled(seed: UInt64.random(in: .min ... .max))
  }

  /// Whether an item may wait while others overtake it.
  package var isFree: Bool { self != .listed }

  /// Whether positions are in another order than they are found in.
  var isArranged: Bool { self != .listed && self != .roughlyListed }

  /// Puts positions into this order, in place; `hint` is asked only where it matters.
  package func arrange(_ positions: inout [Int], hint: (Int) -> Double? = { _ in nil }) {
    switch self {
    case .listed, .roughlyListed: break
    case .shuffled(let seed):
      var generator = SplitMix64(seed: seed)
      Self.shuffle(&positions, in: max(1, positions.count), &generator)
    case .shuffledInWindows(let size, let seed):
      var generator = SplitMix64(seed: seed)
      Self.shuffle(&positions, in: size, &generator)
    case .smallestFirst, .largestFirst, .mixed:
      let hinted = positions.compactMap { position in hint(position).map { ($0, position) } }
      let others = positions.filter { hint($0) == nil }
      // With the position as the second key the order is the same whatever the sorting does.
      let sorted =
        self == .largestFirst
        ? hinted.sorted { $0.0 > $1.0 || $0.0 == $1.0 && $0.1 < $1.1 }
        : hinted.sorted { $0 < $1 }
      let ranked = sorted.map(\.1)
      positions =
        (self == .mixed
          ? ranked.indices.map { rank in
            rank % 2 == 0 ? ranked[rank / 2] : ranked[ranked.count - 1 - rank / 2]
          } : ranked) + others
    }
  }

  @usableFromInline
  func validate() throws(SyncArgumentError) {
    if case .shuffledInWindows(let size, _) = self, size < 1 { throw .windowBelowOne(size) }
  }

  /// Fisher and Yates's shuffle of one window after the other, written here because the standard
  /// library's is free to change between Swift versions.
  static func shuffle(
    _ positions: inout [Int], in window: Int, _ generator: inout SplitMix64
  ) {
    for start in stride(from: 0, to: positions.count, by: window) {
      let count = min(window, positions.count - start)
      for last in stride(from: count - 1, to: 0, by: -1) {
        positions.swapAt(start + last, start + generator.next(below: last + 1))
      }
    }
  }
}

/// Steele, Lea and Flood's SplitMix64 ("Fast splittable pseudorandom number generators",
/// OOPSLA 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the sequence of a seed; every seed is one, zero included.
  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A random index below `bound`, by multiplication (Lemire); the bias is below 2^-32 for
  /// bounds below 2^32.
  package mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
