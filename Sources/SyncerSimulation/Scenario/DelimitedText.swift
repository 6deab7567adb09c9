/// Reads comma-separated files quickly: one pass over the bytes, no copy of a field.
///
/// Fields may be quoted (RFC 4180); lines end in LF or CRLF; a byte order mark is skipped.
struct DelimitedText {
  let file: String
  let header: [String]
  private let bytes: [UInt8]
  private var position: Int
  /// The number of the line `next()` last returned, from 1.
  private(set) var line = 1

  /// Reads the header.
  init(file: String, bytes: [UInt8]) throws(ScenarioError) {
    self.file = file
    self.bytes = bytes
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var fields: [Range<Int>] = []
    guard Self.readLine(bytes, &position, &fields) else {
      throw ScenarioError(file: file, rule: "is empty", remedy: "give it a header line and rows")
    }
    header = fields.map { String(decoding: bytes[$0], as: UTF8.self) }
    self.position = position
  }

  /// Where a column is.
  func index(of column: String) -> Int? {
    header.firstIndex(of: column)
  }

  /// Reads the next line that is not blank into `fields`; false at the end.
  mutating func next(_ fields: inout [Range<Int>]) throws(ScenarioError) -> Bool {
    repeat {
      line += 1
      guard Self.readLine(bytes, &position, &fields) else { return false }
    } while fields.count == 1 && fields[0].isEmpty
    if fields.count != header.count {
      throw error(
        "has \(fields.count) fields where the header has \(header.count)", "complete the line")
    }
    return true
  }

  /// The text of a field; two quotes in a quoted one stand for one.
  func text(_ field: Range<Int>) -> String {
    let text = String(decoding: bytes[field], as: UTF8.self)
    let isQuoted = field.lowerBound > 0 && bytes[field.lowerBound - 1] == 0x22
    return isQuoted ? text.replacing("\"\"", with: "\"") : text
  }

  /// Whether two fields hold the same bytes, for skipping work on repeated values.
  func same(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
    first.count == second.count && bytes[first].elementsEqual(bytes[second])
  }

  /// The seconds in a field as whole nanoseconds, limited to 100 years; as `number(_:_:)`.
  ///
  /// A decimal of up to nine digits after the point is read without rounding.
  func nanoseconds(_ field: Range<Int>, _ column: String) throws(ScenarioError) -> Int64 {
    if let digits = decimalDigits(field, most: 18), digits.decimals <= 9 {
      let scale = DelimitedText.wholePowersOfTen[9 - digits.decimals]
      let (product, overflow) = digits.value.multipliedReportingOverflow(by: scale)
      if !overflow { return min(product, Workload.nanoseconds(.infinity)) }
    }
    return Workload.nanoseconds(try number(field, column))
  }

  /// The number in a field, which must be finite and not negative.
  func number(_ field: Range<Int>, _ column: String) throws(ScenarioError) -> Double {
    if let number = shortNumber(field) { return number }
    let text = text(field)
    guard let number = Double(text), number.isFinite, number >= 0 else {
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
      switch bytes[position] {
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

  private static func readLine(
    _ bytes: [UInt8], _ position: inout Int, _ fields: inout [Range<Int>]
  ) -> Bool {
    fields.removeAll(keepingCapacity: true)
    guard position < bytes.count else { return false }
    var start = position
    var quoted = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x22 {
        quoted.toggle()
      } else if !quoted && (byte == 0x2C || byte == 0x0A) {
        fields.append(field(bytes, from: start, to: position))
        start = position + 1
        if byte == 0x0A {
          position += 1
          return true
        }
      }
      position += 1
    }
    fields.append(field(bytes, from: start, to: position))
    return true
  }

  /// A field without its line ending and its quotes.
  private static func field(
    _ bytes: [UInt8], from start: Int, to end: Int
  ) -> Range<Int> {
    var range = start..<end
    if let last = bytes[range].last, last == 0x0D { range = start..<(end - 1) }
    if range.count >= 2, bytes[range.lowerBound] == 0x22, bytes[range.upperBound - 1] == 0x22 {
      range = (range.lowerBound + 1)..<(range.upperBound - 1)
    }
    return range
  }
}

extension DelimitedText {
  /// All numbers of one column, at least one.
  static func column(
    _ name: String, of path: String, from node: ScenarioNode
  ) throws(ScenarioError) -> [Double] {
    var text = try DelimitedText(
      file: path, bytes: try FileContents.read(path, remedy: "correct the path"))
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
