/// A pattern for one name: bytes, `?`, `*` and sets.
struct Wildcard: Sendable, Equatable {
  /// Why a pattern matches nothing, as the rest of a sentence about it.
  struct Problem: Error {
    var rule: String
  }

  private enum Token: Sendable, Equatable {
    case star
    case one(ByteSet)
  }

  private var tokens: [Token] = []
  /// Whether a bracket is never closed, and so is a bracket.
  private(set) var hasOpenBracket = false

  /// `*`.
  static let any = Wildcard([.star])

  private init(_ tokens: [Token]) {
    self.tokens = tokens
  }

  init(_ pattern: [UInt8]) throws(Problem) {
    var rest = pattern[...]
    while let byte = rest.popFirst() {
      switch byte {
      case 0x2A: tokens.append(.star)
      case 0x3F: tokens.append(.one(.all))
      case 0x5C:
        guard let escaped = rest.popFirst() else { throw Problem(rule: "ends in a backslash") }
        tokens.append(.one([escaped]))
      case 0x5B:
        let set = try Self.set(&rest)
        hasOpenBracket = hasOpenBracket || set == nil
        tokens.append(.one(set ?? [byte]))
      default: tokens.append(.one([byte]))
      }
    }
  }

  func matches(_ name: ArraySlice<UInt8>) -> Bool {
    starMatch(tokens, name, isStar: { $0 == .star }) { token, byte in
      guard case .one(let set) = token else { return false }
      return set.contains(byte)
    }
  }

  /// Reads a set after its bracket; nil, with nothing read, where it is never closed.
  private static func set(_ text: inout ArraySlice<UInt8>) throws(Problem) -> ByteSet? {
    var rest = text
    var set: ByteSet = []
    var isFirst = true
    let isInverted = rest.first == 0x21 || rest.first == 0x5E
    if isInverted { rest.removeFirst() }
    while let byte = rest.popFirst() {
      if byte == 0x5D && !isFirst {
        text = rest
        return isInverted ? set.inverted : set
      }
      isFirst = false
      if byte == 0x5B, rest.first == 0x3A, let name = className(rest.dropFirst()) {
        guard let named = ByteSet.named[name] else {
          throw Problem(rule: "has the unknown class [:\(name):]")
        }
        set.formUnion(named)
        rest.removeFirst(name.utf8.count + 3)
        continue
      }
      guard let low = byte == 0x5C ? rest.popFirst() : byte else { break }
      var high = low
      if rest.first == 0x2D, let after = rest.dropFirst().first, after != 0x5D {
        rest.removeFirst(2)
        guard let end = after == 0x5C ? rest.popFirst() : after else { break }
        high = end
      }
      if low <= high { set.formUnion(ByteSet(low...high)) }
    }
    return nil
  }

  /// The name up to `:]`, where there is one.
  private static func className(_ text: ArraySlice<UInt8>) -> String? {
    let name = text.prefix { (0x61...0x7A).contains($0) }
    return text[name.endIndex...].starts(with: [0x3A, 0x5D])
      ? String(decoding: name, as: UTF8.self) : nil
  }
}

/// Whether elements match patterns one by one, of which a star stands for any number of elements.
///
/// Only the latest star ever needs to be tried again: what an earlier one could take over, a later
/// one can as well. So the cost is at most the product of both counts.
func starMatch<Pattern, Element>(
  _ patterns: [Pattern], _ elements: ArraySlice<Element>, isStar: (Pattern) -> Bool,
  matches: (Pattern, Element) -> Bool
) -> Bool {
  var next = 0
  var position = elements.startIndex
  var retry: (pattern: Int, position: Int)?
  while position < elements.endIndex {
    if next < patterns.count, isStar(patterns[next]) {
      next += 1
      retry = (next, position)
    } else if next < patterns.count, matches(patterns[next], elements[position]) {
      next += 1
      position += 1
    } else if let (pattern, start) = retry {
      next = pattern
      position = start + 1
      retry = (pattern, position)
    } else {
      return false
    }
  }
  return patterns[next...].allSatisfy(isStar)
}

/// A set of bytes.
private struct ByteSet: Sendable, Equatable, ExpressibleByArrayLiteral {
  private var bits = SIMD4<UInt64>()

  init(arrayLiteral bytes: UInt8...) {
    for byte in bytes { insert(byte) }
  }

  init(_ bytes: ClosedRange<UInt8>) {
    for byte in bytes { insert(byte) }
  }

  static let all = ByteSet([]).inverted

  var inverted: ByteSet {
    var copy = self
    copy.bits = ~bits
    return copy
  }

  func contains(_ byte: UInt8) -> Bool { bits[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

  mutating func formUnion(_ other: ByteSet) { bits |= other.bits }

  private mutating func insert(_ byte: UInt8) { bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

  private init(_ ranges: [ClosedRange<UInt8>]) {
    for range in ranges { formUnion(ByteSet(range)) }
  }

  /// The classes of the C locale.
  static let named: [String: ByteSet] = [
    "alnum": ByteSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A]),
    "alpha": ByteSet([0x41...0x5A, 0x61...0x7A]), "blank": ByteSet([0x09...0x09, 0x20...0x20]),
    "cntrl": ByteSet([0x00...0x1F, 0x7F...0x7F]), "digit": ByteSet([0x30...0x39]),
    "graph": ByteSet([0x21...0x7E]), "lower": ByteSet([0x61...0x7A]),
    "print": ByteSet([0x20...0x7E]),
    "punct": ByteSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
    "space": ByteSet([0x09...0x0D, 0x20...0x20]), "upper": ByteSet([0x41...0x5A]),
    "xdigit": ByteSet([0x30...0x39, 0x41...0x46, 0x61...0x66]),
  ]
}
