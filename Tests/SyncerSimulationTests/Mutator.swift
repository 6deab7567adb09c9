@testable import Syncer

/// Damages bytes at random, by a seed.
struct Mutator {
  private var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  private static let tokens: [[UInt8]] =
    [
      "1e999", "-1", "0", "1e15", "1000000000000000", "99999999999999999999", "-0.0", "NaN",
      "1e-400",
      "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", ",", ":", "null", "true", "\r\n", "\n",
      "\"5s\"", "\"-5s\"", "\"1e308d\"", "\"count\":", "{\"mix\":",
      String(repeating: "[", count: 3000),
      String(repeating: "{\"a\":", count: 600), String(repeating: "9", count: 400),
    ].map { Array($0.utf8) } + [
      [0], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xC3], [0xED, 0xA0, 0x80],
    ]

  /// What stands at and beyond the limits of numbers and durations.
  private static let extremes: [[UInt8]] = [
    "0", "-0", "-1", "1", "0.5", "1e-300", "5e-324", "1e-400", "1e300", "1.7976931348623157e308",
    "1e309", "2147483647", "2147483648", "4294967296", "9007199254740993", "9223372036854775807",
    "9223372036854775808", "18446744073709551615", "18446744073709551616", "100000000", "100000001",
    "36525", "36526", "3155760000", "3155760001", "1e-9", "4e-10", "0.00000000049", "65536",
    "65537",
    "1000", "1001", "1000000", "1000001",
  ].map { Array($0.utf8) }

  /// The same with one of the numbers in it at or beyond a limit, in a text or not.
  mutating func extreme(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Set("0123456789.".utf8)
    let starts = bytes.indices.filter {
      digits.contains(bytes[$0]) && ($0 == 0 || !digits.contains(bytes[$0 - 1]))
    }
    if starts.isEmpty { return bytes }
    var changed = bytes
    let start = starts[generator.next(below: starts.count)]
    let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.endIndex
    changed.replaceSubrange(
      start..<end, with: Self.extremes[generator.next(below: Self.extremes.count)])
    return changed
  }

  /// Some damage, from a changed byte to a text of random bytes.
  mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    if generator.next(below: 3) == 0 {
      for _ in 0...generator.next(below: 4) { bytes = extreme(bytes) }
      return bytes
    }
    if generator.next(below: 40) == 0 {
      return (0..<generator.next(below: 300)).map { _ in UInt8(generator.next(below: 256)) }
    }
    for _ in 0...generator.next(below: 4) {
      let place = generator.next(below: bytes.count + 1)
      let end = min(bytes.count, place + generator.next(below: 30))
      switch generator.next(below: 6) {
      case 0 where place < bytes.count: bytes[place] = UInt8(generator.next(below: 256))
      case 1: bytes.removeSubrange(place..<end)
      case 2:
        bytes.insert(contentsOf: bytes[place..<end], at: generator.next(below: bytes.count + 1))
      case 3: bytes.removeLast(bytes.count - place)
      default:
        let token = Self.tokens[generator.next(below: Self.tokens.count)]
        bytes.replaceSubrange(place..<(generator.next(below: 2) == 0 ? place : end), with: token)
      }
    }
    return bytes
  }
}
