/// A value as PostgreSQL writes it in text: what is bound to a parameter, copied in, or selected.
///
/// Values are equal if their bytes are, unlike a `String`, whose letters may have several spellings.
public struct PostgreSQLValue: Sendable {
  /// The text.
  public let text: String

  /// Makes a value of its text.
  public init(_ text: String) { self.text = text }

  /// Makes a value of a whole number.
  public init(_ number: some BinaryInteger) { text = String(number) }

  /// Makes a value of a number; what it is read back as is the same.
  public init(_ number: Double) {
    text =
      number.isNaN ? "NaN" : number.isFinite ? "\(number)" : number < 0 ? "-Infinity" : "Infinity"
  }

  /// Makes a value of a truth value.
  public init(_ truth: Bool) { text = truth ? "t" : "f" }

  /// Makes a value of bytes, for a column of the type `bytea`.
  public init(bytes: some Sequence<UInt8>) {
    var text: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "x")]
    let digits = Array("0123456789abcdef".utf8)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    self.text = String(decoding: text, as: UTF8.self)
  }
}

extension PostgreSQLValue: Hashable {
  public static func == (first: PostgreSQLValue, second: PostgreSQLValue) -> Bool {
    first.text.utf8.count == second.text.utf8.count
      && first.text.utf8.elementsEqual(second.text.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(text.utf8.count)
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension PostgreSQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  CustomStringConvertible
{
  public var description: String { text }
  /// Makes a value of a text.
  public init(stringLiteral text: String) { self.init(text) }
  /// Makes a value of a whole number.
  public init(integerLiteral number: Int) { self.init(number) }
}

extension [UInt8] {
  /// Adds a row as COPY reads it in its text format: values between tabs, `\N` for NULL.
  mutating func appendCopyRow(_ values: some Sequence<PostgreSQLValue?>) {
    var isFirst = true
    for value in values {
      if !isFirst { append(UInt8(ascii: "\t")) }
      isFirst = false
      guard let value else {
        append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "N")])
        continue
      }
      var text = value.text
      text.withUTF8 { appendCopyText($0) }
    }
    append(UInt8(ascii: "\n"))
  }

  private mutating func appendCopyText(_ bytes: UnsafeBufferPointer<UInt8>) {
    let isPlain = bytes.allSatisfy { $0 != UInt8(ascii: "\\") && ($0 > 0x0D || $0 < 0x08) }
    if isPlain { return append(contentsOf: bytes) }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"): append(contentsOf: [byte, byte])
      case 0x08: append(contentsOf: Array("\\b".utf8))
      case 0x09: append(contentsOf: Array("\\t".utf8))
      case 0x0A: append(contentsOf: Array("\\n".utf8))
      case 0x0B: append(contentsOf: Array("\\v".utf8))
      case 0x0C: append(contentsOf: Array("\\f".utf8))
      case 0x0D: append(contentsOf: Array("\\r".utf8))
      default: append(byte)
      }
    }
  }
}
