/// How keys of a column are told apart and ordered.
enum KeyKind: Sendable, Equatable {
  /// By their value.
  case number
  /// Byte by byte.
  case text
  /// Byte by byte, of 32 hexadecimal digits in lower case in groups of 8, 4, 4, 4 and 12.
  case uuid
}

/// The key of a row, equal and ordered as the database has it when it selects: whole numbers by value,
/// texts byte by byte.
public struct PostgreSQLKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// A value of a key.
  public enum Part: Hashable, Sendable {
    /// Of a column of whole numbers.
    case number(Int64)
    /// Of a column of texts or UUIDs.
    case text(PostgreSQLValue)
  }

  private let first: Part
  private let rest: [Part]

  /// Makes a key of a row's values.
  ///
  /// - Throws: `KeyProblem` for NULL, and for what is no value of the column in its one spelling.
  init(_ values: ArraySlice<PostgreSQLValue?>, _ kinds: [KeyKind]) throws(KeyProblem) {
    let start = values.startIndex
    first = try Self.part(values[start], kinds[0])
    var rest: [Part] = []
    for place in 1..<max(1, kinds.count) where kinds.count > 1 {
      rest.append(try Self.part(values[start + place], kinds[place]))
    }
    self.rest = rest
  }

  /// Makes the key of a table whose key is one whole number.
  public init(_ number: Int64) {
    first = .number(number)
    rest = []
  }

  private static func part(
    _ value: PostgreSQLValue?, _ kind: KeyKind
  ) throws(KeyProblem) -> Part {
    guard let value else { throw KeyProblem(rule: "is NULL, which equals no other") }
    switch kind {
    case .number:
      if let number = Int64(value.text) { return .number(number) }
      throw KeyProblem(rule: "is \(value), which is no whole number of 64 bits")
    case .text: return .text(value)
    case .uuid:
      if isUUID(value.text) { return .text(value) }
      throw KeyProblem(
        rule: "is \(value), but a UUID is written as 01234567-89ab-cdef-0123-456789abcdef here")
    }
  }

  private static func isUUID(_ text: String) -> Bool {
    text.utf8.count == 36
      && text.utf8.enumerated().allSatisfy { place, byte in
        [8, 13, 18, 23].contains(place)
          ? byte == UInt8(ascii: "-")
          : (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      }
  }

  /// The values, in the order of the columns.
  public var parts: [Part] { [first] + rest }

  /// The values as PostgreSQL writes them.
  public var values: [PostgreSQLValue] { parts.map(Self.value) }

  private static func value(_ part: Part) -> PostgreSQLValue {
    switch part {
    case .number(let number): PostgreSQLValue(number)
    case .text(let value): value
    }
  }

  public var description: String { values.map(\.text).joined(separator: ", ") }

  public static func < (one: PostgreSQLKey, another: PostgreSQLKey) -> Bool {
    let order = order(one.first, another.first)
    if order != 0 || one.rest.isEmpty { return order < 0 }
    for (part, other) in zip(one.rest, another.rest) {
      let order = Self.order(part, other)
      if order != 0 { return order < 0 }
    }
    return false
  }

  private static func order(_ one: Part, _ another: Part) -> Int {
    switch (one, another) {
    case (.number(let one), .number(let another)): one < another ? -1 : one == another ? 0 : 1
    case (.text(let one), .text(let another)): bytewise(one.text, another.text)
    case (.number, .text): -1
    case (.text, .number): 1
    }
  }

  private static func bytewise(_ one: String, _ another: String) -> Int {
    var (one, another) = (one, another)
    return one.withUTF8 { one in
      another.withUTF8 { another in
        for (byte, other) in zip(one, another) where byte != other { return byte < other ? -1 : 1 }
        return one.count - another.count
      }
    }
  }
}

/// What is wrong with a key, as the rest of a sentence about its column.
struct KeyProblem: Error {
  var rule: String
}

/// Keys after one and up to another, both optional.
public struct PostgreSQLKeyRange: Sendable, Equatable {
  /// The key before the first; nil for the start.
  public var after: PostgreSQLKey?
  /// The last key; nil for the end.
  public var through: PostgreSQLKey?

  /// Makes a range; by default of all keys.
  public init(after: PostgreSQLKey? = nil, through: PostgreSQLKey? = nil) {
    self.after = after
    self.through = through
  }

  /// Whether a key is in the range.
  public func contains(_ key: PostgreSQLKey) -> Bool {
    if let after, key <= after { return false }
    if let through, through < key { return false }
    return true
  }
}
