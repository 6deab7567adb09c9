internal import Syncer

/// Reads comma-separated files quickly: one pass over the bytes, no copy of a field.
///
/// Fields may be quoted, with two quotes for one, and may then hold line ends (RFC 4180); a quote
/// elsewhere is an error, for it is not known what it was meant to be. Lines end in LF or CRLF; a byte
/// order mark is skipped. A file is never in memory as a whole.
package struct DelimitedText {
  let file: String
  package let header: [String]
  private var buffer: TextBuffer
  /// The number of the line at which the row begins that `next()` last returned, from 1.
  private(set) var line = 1

  /// The most columns.
  static let columnLimit = 4096

  /// Opens a file and reads its header.
  package init(_ path: String, remedy: String) throws(ScenarioError) {
    try self.init(file: path, TextBuffer(path, remedy: remedy))
  }

  /// Reads the header of a text in memory.
  init(file: String, bytes: [UInt8]) throws(ScenarioError) {
    try self.init(file: file, TextBuffer(bytes, file: file))
  }

  private init(file: String, _ buffer: TextBuffer) throws(ScenarioError) {
    self.file = file
    self.buffer = buffer
    var row = CSVRow(limit: Self.columnLimit)
    guard try row.read(&self.buffer) else {
      throw ScenarioError(file: file, rule: "is empty", remedy: "give it a header line and rows")
    }
    if row.fields.count > Self.columnLimit {
      throw ScenarioError(
        file: file, keyPath: "line 1", rule: "has more than \(Self.columnLimit) columns",
        remedy: "check that it is the file that is meant")
    }
    let bytes = self.buffer.bytes
    header = row.fields.map { Self.text($0, in: bytes) }
  }

  /// Where a column is.
  package func index(of column: String) -> Int? {
    header.firstIndex(of: column)
  }

  /// Reads the next row that is not blank into `fields`; false at the end.
  package mutating func next(_ fields: inout [Range<Int>]) throws(ScenarioError) -> Bool {
    var row = CSVRow(limit: header.count, reusing: &fields)
    repeat {
      line = buffer.line
      guard try row.read(&buffer) else { return false }
    } while row.fields.count == 1 && row.fields[0].isEmpty
    swap(&fields, &row.fields)
    if fields.count != header.count {
      let count = fields.count > header.count ? "more than \(header.count)" : "\(fields.count)"
      throw error("has \(count) fields where the header has \(header.count)", "correct the line")
    }
    return true
  }

  /// The text of a field, as it was before it was put into the file.
  package func text(_ field: Range<Int>) -> String {
    Self.text(field, in: buffer.bytes)
  }

  private static func text(_ field: Range<Int>, in bytes: [UInt8]) -> String {
    let isQuoted = field.lowerBound > 0 && bytes[field.lowerBound - 1] == 0x22
    if !isQuoted || !bytes[field].contains(0x22) {
      return String(decoding: bytes[field], as: UTF8.self).withoutApostrophe
    }
    var plain: [UInt8] = []
    var isSecond = false
    for byte in bytes[field] {
      isSecond = byte == 0x22 && !isSecond
      if !isSecond { plain.append(byte) }
    }
    return String(decoding: plain, as: UTF8.self).withoutApostrophe
  }

  /// The seconds in a field as whole nanoseconds, up to 100 years; as `number(_:_:)`.
  ///
  /// A decimal of up to nine digits after the point is read without rounding.
  func nanoseconds(_ field: Range<Int>, _ column: String) throws(ScenarioError) -> Int64 {
    let limit = Nanoseconds.rounding(.infinity)
    if let digits = decimalDigits(field, most: 18), digits.decimals <= 9 {
      let scale = DelimitedText.wholePowersOfTen[9 - digits.decimals]
      let (product, overflow) = digits.value.multipliedReportingOverflow(by: scale)
      if !overflow && product <= limit { return product }
    }
    let seconds = try number(field, column)
    if seconds > DurationText.limitSeconds {
      throw error(
        "has \"\(text(field).prefix(40))\" in column \"\(column)\", which is longer than 100 years",
        "write seconds that passed, not milliseconds and not the time of day")
    }
    return Nanoseconds.rounding(seconds)
  }

  /// The number in a field, which must be finite and not negative.
  package func number(_ field: Range<Int>, _ column: String) throws(ScenarioError) -> Double {
    if let number = shortNumber(field) { return number }
    let text = text(field)
    guard let number = DecimalNumber.value(text), number.isFinite, number >= 0 else {
      throw error(
        "has \"\(text.prefix(40))\" in column \"\(column)\", which is no number of zero or more",
        "write a finite number with a decimal point")
    }
    return number
  }

  /// A plain decimal of up to 15 digits, exactly: such digits and powers of ten are doubles.
  private func shortNumber(_ field: Range<Int>) -> Double? {
    guard let (value, decimals) = decimalDigits(field, most: 15) else { return nil }
    return Double(value) / DelimitedText.powersOfTen[decimals]
  }

  /// The digits of a plain decimal as a whole number, and how many of them follow the point.
  private func decimalDigits(
    _ field: Range<Int>, most: Int
  ) -> (value: Int64, decimals: Int)? {
    guard !field.isEmpty, field.count <= most + 1 else { return nil }
    var value: Int64 = 0
    var decimals = 0
    var point = false
    for position in field {
      switch buffer.bytes[position] {
      case let digit where digit &- 0x30 < 10:
        value = value &* 10 &+ Int64(digit &- 0x30)
        if point { decimals += 1 }
      case 0x2E where !point: point = true
      default: return nil
      }
    }
    if field.count > most && !point { return nil }
    if field.count == 1 && point { return nil }
    return (value, decimals)
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private static let wholePowersOfTen: [Int64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  ]

  func error(_ rule: String, _ remedy: String) -> ScenarioError {
    ScenarioError(file: file, keyPath: "line \(line)", rule: rule, remedy: remedy)
  }
}

extension DelimitedText {
  /// All numbers of one column, at least one.
  static func column(
    _ name: String, of path: String, from node: ScenarioNode
  ) throws(ScenarioError) -> [Double] {
    var text = try DelimitedText(path, remedy: "correct the path")
    guard let index = text.index(of: name) else {
      throw node.error(
        "names the column \"\(name)\", which \(path) does not have",
        "choose one of: " + text.header.joined(separator: ", "))
    }
    var values: [Double] = []
    var fields: [Range<Int>] = []
    while try text.next(&fields) {
      values.append(try text.number(fields[index], name))
    }
    if values.isEmpty { throw text.error("ends the file without any row", "add rows") }
    return values
  }
}
