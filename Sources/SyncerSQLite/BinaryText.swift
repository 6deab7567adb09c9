public import GRDB

/// A text that equals another byte by byte only, as SQLite compares texts.
///
/// `String` takes texts for equal that differ in how their letters are composed: é may be one
/// scalar or two. As the key of a sync with a table it would find rows that the database does not.
public struct BinaryText: Hashable, Comparable, Sendable {
  /// The text.
  public let text: String

  /// Makes a key of a text.
  public init(_ text: String) {
    self.text = text
  }

  /// Compares byte by byte.
  public static func == (first: BinaryText, second: BinaryText) -> Bool {
    first.text.utf8.elementsEqual(second.text.utf8)
  }

  /// Compares byte by byte, as SQLite orders texts.
  public static func < (first: BinaryText, second: BinaryText) -> Bool {
    first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(text.utf8.count)
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension BinaryText: CustomStringConvertible, ExpressibleByStringLiteral {
  /// The text.
  public var description: String { text }

  /// Makes a key of a literal.
  public init(stringLiteral text: String) {
    self.init(text)
  }
}

extension BinaryText: DatabaseValueConvertible {
  /// The text, as SQLite stores it.
  public var databaseValue: DatabaseValue { text.databaseValue }

  /// A key of a text; nil where there is none.
  public static func fromDatabaseValue(_ value: DatabaseValue) -> BinaryText? {
    String.fromDatabaseValue(value).map { BinaryText($0) }
  }
}
