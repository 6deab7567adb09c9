/// A share of all keys, for several workers that divide a sync among them.
///
/// Every key belongs to exactly one share, in every process. A worker syncs its own share by asking
/// `contains(_:)` in its handler's `filter(_:)`. Shares have about the same number of keys.
public struct Partition: Sendable, Hashable {
  /// The number of this share, from 1 to `count`.
  public let index: Int
  /// The number of shares.
  public let count: Int

  /// Creates a share.
  ///
  /// - Precondition: `index` is from 1 to `count`.
  public init(index: Int, of count: Int) {
    precondition(count >= 1, "There is at least one partition; there are \(count).")
    precondition(
      index >= 1 && index <= count, "A partition is 1 to \(count); it is \(index).")
    self.index = index
    self.count = count
  }

  /// Whether the key belongs to this share.
  public func contains(_ key: some StableKey) -> Bool {
    var hash = StableHash()
    key.add(to: &hash)
    return Partition.index(of: hash.value, among: count) == index
  }

  /// The share, from 1, that a hash falls into: its place among all hashes (Lemire, "Fast random
  /// integer generation in an interval", ACM TOMACS 29, 2019).
  static func index(of hash: UInt64, among count: Int) -> Int {
    Int(hash.multipliedFullWidth(by: UInt64(count)).high) + 1
  }
}

/// A key with the same bytes in every process, as a partition needs it.
///
/// Texts, whole numbers and bytes conform. A type of your own conforms by adding its parts to the
/// hash.
public protocol StableKey {
  /// Adds the parts of the key, always in the same order.
  func add(to hash: inout StableHash)
}

extension StableKey where Self: StringProtocol {
  /// Adds the UTF-8 bytes.
  ///
  /// Equal texts with different bytes (é as one scalar or two) get different hashes: normalise them
  /// if both occur.
  public func add(to hash: inout StableHash) { hash.add(String(self)) }
}

extension StableKey where Self: BinaryInteger {
  /// Adds the value, independent of the integer's type; bits beyond 64 are ignored.
  public func add(to hash: inout StableHash) {
    hash.add(UInt64(truncatingIfNeeded: self))
  }
}

extension String: StableKey {}
extension Substring: StableKey {}
extension Int: StableKey {}
extension Int32: StableKey {}
extension Int64: StableKey {}
extension UInt: StableKey {}
extension UInt32: StableKey {}
extension UInt64: StableKey {}

extension [UInt8]: StableKey {
  public func add(to hash: inout StableHash) {
    withUnsafeBytes { hash.add($0) }
  }
}
