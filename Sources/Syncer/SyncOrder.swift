/// The order in which the entries of a difference are worked off.
public enum SyncOrder: Sendable, Equatable {
  /// First-seen order: the left selection's, then that of what only the right one has.
  case listed
  /// First-seen order, except that items may wait for a chunk or a few while others overtake them.
  ///
  /// A scheduler that knows nothing of a class yet so need not close a chunk to find out.
  case roughlyListed
  /// A random order, the same for the same seed on every platform and with every toolchain.
  case shuffled(seed: UInt64)

  /// A random order with a fresh seed, which the report names.
  public static func shuffled() -> SyncOrder {
    .shuffled(seed: UInt64.random(in: .min ... .max))
  }

  /// Whether an item may wait while others overtake it.
  package var isFree: Bool { self != .listed }

  /// Puts positions into this order, in place.
  ///
  /// Fisher and Yates's shuffle, written here because the standard library's is free to change
  /// between Swift versions.
  package func arrange(_ positions: inout [Int]) {
    guard case .shuffled(let seed) = self, positions.count > 1 else { return }
    var generator = SplitMix64(seed: seed)
    for last in stride(from: positions.count - 1, through: 1, by: -1) {
      positions.swapAt(last, generator.next(below: last + 1))
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

  /// The next 64 random bits.
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
