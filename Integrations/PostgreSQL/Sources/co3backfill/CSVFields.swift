/// Splits the text of a CSV file into rows, as RFC 4180 has them.
///
/// A field without quotes and without text is nil, one with quotes and without text is empty: as COPY of
/// PostgreSQL reads it.
struct CSVFields {
  /// What is wrong with a row, as the rest of a sentence about its line.
  struct Fault: Error, Equatable {
    var rule: String
  }

  /// Reads a row from the start of some bytes.
  ///
  /// - Parameters:
  ///   - bytes: What was read of the file and not taken.
  ///   - isEnd: Whether nothing more is to come.
  ///   - fields: Gets the fields.
  /// - Returns: how many bytes the row has, its end of line included; nil where more are needed.
  /// - Throws: `Fault`.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into fields: inout [String?]
  ) throws(Fault) -> Int? {
    fields.removeAll(keepingCapacity: true)
    var position = 0
    while true {
      guard let end = try readField(bytes, from: position, isEnd: isEnd, into: &fields) else {
        return nil
      }
      if end == bytes.count { return end }
      position = end + 1
      switch bytes[end] {
      case comma: continue
      case newline: return position
      default:
        // A return belongs to the newline that follows it.
        if position < bytes.count { return bytes[position] == newline ? position + 1 : position }
        return isEnd ? position : nil
      }
    }
  }

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Reads a field; returns where the separator after it is, nil where more bytes are needed.
  private static func readField(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isEnd: Bool,
    into fields: inout [String?]
  ) throws(Fault) -> Int? {
    if start < bytes.count && bytes[start] == quote {
      return try readQuoted(bytes, from: start + 1, isEnd: isEnd, into: &fields)
    }
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if byte == comma || byte == newline || byte == carriageReturn { break }
      if byte == quote {
        throw Fault(rule: "has a quote in a field that does not begin with one")
      }
      end += 1
    }
    if end == bytes.count && !isEnd { return nil }
    fields.append(end == start ? nil : try text(bytes[start..<end]))
    return end
  }

  private static func readQuoted(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isEnd: Bool,
    into fields: inout [String?]
  ) throws(Fault) -> Int? {
    var end = start
    var hasQuotes = false
    while end < bytes.count {
      if bytes[end] != quote {
        end += 1
        continue
      }
      if end + 1 == bytes.count && !isEnd { return nil }
      if end + 1 < bytes.count && bytes[end + 1] == quote {
        hasQuotes = true
        end += 2
        continue
      }
      let field = try text(bytes[start..<end])
      fields.append(hasQuotes ? unquoted(field) : field)
      let next = end + 1
      if next == bytes.count || [comma, newline, carriageReturn].contains(bytes[next]) {
        return next
      }
      throw Fault(rule: "has text behind the quote that ends a field")
    }
    if isEnd { throw Fault(rule: "has a quote without the one that ends its field") }
    return nil
  }

  private static func unquoted(_ text: String) -> String {
    text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
  }

  private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws(Fault) -> String {
    let bytes = UnsafeBufferPointer(rebasing: bytes)
    if isASCII(bytes) { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault(rule: "is not UTF-8")
    }
    return text
  }

  /// Most texts are, and need no further look.
  private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    return all < 0x80
  }
}
