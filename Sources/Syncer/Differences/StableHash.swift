/// A hash of bytes that is the same in every process, on every platform and in every version.
///
/// Eight bytes at a time, little-endian, are mixed by the finalizer of SplitMix64 (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014); the length closes the
/// hash. It does not resist keys chosen to collide.
public struct StableHash: Sendable {
  /// The hash of everything added so far.
  public private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Creates an empty hash.
  public init() {}

  /// Adds a word.
  public mutating func add(_ word: UInt64) {
    var mixed = value ^ word
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    value = mixed ^ (mixed >> 31)
  }

  /// Adds bytes and their count.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 8 <= bytes.count {
      add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    var rest: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count {
      rest |= UInt64(bytes[offset]) << shift
      shift += 8
      offset += 1
    }
    add(rest)
    add(UInt64(bytes.count))
  }

  /// Adds the UTF-8 bytes of a text.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }
}
