/// One of several shares of all keys, so that several workers can divide a sync among them.
///
/// Every key is in exactly one share, whoever asks and wherever: in a handler's
/// `filter(_:)` it makes each worker sync its own. Shares are about equal in
/// number of keys.
public struct Partition: Sendable, Hashable {
  /// Which share this is, from 1 to `count`.
  public let index: Int
  /// How many shares there are.
  public let count: Int

  /// Makes a share.
  ///
  /// - Precondition: `index` is from 1 to `count`.
  public init(index: Int, of count: Int) {
    precondition(count >= 1, "There is at least one partition; there are \(count).")
    precondition(
      index >= 1 && index <= count, "A partition is 1 to \(count); it is \(index).")
    self.index = index
    self.count = count
  }

  /// Whether a key belongs to this share.
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

/// A key that is the same bytes in every process, as a partition needs it.
///
/// Texts, whole numbers and bytes are such keys. Make a type of your own one by adding what it
/// consists of.
public protocol StableKey {
  /// Adds what the key consists of, always in the same order.
  func add(to hash: inout StableHash)
}

extension StableKey where Self: StringProtocol {
  /// Adds the UTF-8 bytes.
  ///
  /// Texts that are equal but written differently (é as one scalar or as two) are one key for `==`;
  /// normalise them where both occur.
  public func add(to hash: inout StableHash) { hash.add(String(self)) }
}

extension StableKey where Self: BinaryInteger {
  /// Adds the value, the same for a number of any type; bits beyond 64 are ignored.
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
  /// Adds the bytes.
  public func add(to hash: inout StableHash) {
    withUnsafeBytes { hash.add($0) }
  }
}
