public import GRDB

/// A text that is compared, ordered and hashed by its bytes, as SQLite does it.
///
/// `String` compares by canonical form: é as one scalar equals é as two. As the key of a sync with a
/// table, it would match rows that the database keeps apart.
public struct BinaryText: Hashable, Comparable, Sendable {
  /// The text.
  public let text: String

  /// Makes a key of a text.
  public init(_ text: String) {
    self.text = text
  }

  public static func == (first: BinaryText, second: BinaryText) -> Bool {
    first.text.utf8.elementsEqual(second.text.utf8)
  }

  public static func < (first: BinaryText, second: BinaryText) -> Bool {
    first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(text.utf8.count)
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension BinaryText: CustomStringConvertible, ExpressibleByStringLiteral {
  public var description: String { text }

  public init(stringLiteral text: String) {
    self.init(text)
  }
}

extension BinaryText: DatabaseValueConvertible {
  public var databaseValue: DatabaseValue { text.databaseValue }

  public static func fromDatabaseValue(_ value: DatabaseValue) -> BinaryText? {
    String.fromDatabaseValue(value).map { BinaryText($0) }
  }
}
