internal import SafeOutput

/// Reads JSON as RFC 8259 says, strictly, and says at which line and column it is none.
///
/// Foundation's parser accepts more and names no place; in particular it keeps one of two equal keys.
struct JSONReader {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  /// The keys and indices that lead to what is being read.
  private var path: [String] = []

  /// How deep lists and objects may be in each other.
  static let depthLimit = 200

  /// The value of a document.
  ///
  /// - Throws: `ScenarioError`.
  static func value(_ document: [UInt8], file: String) throws(ScenarioError) -> JSONValue {
    var reader = JSONReader(bytes: document, file: file)
    if document.starts(with: [0xFE, 0xFF]) || document.starts(with: [0xFF, 0xFE]) {
      throw reader.wrong("it is UTF-16, where UTF-8 is needed")
    }
    // A parser may skip a byte order mark.
    if document.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
    let value = try reader.value()
    reader.skipSpace()
    if reader.position < document.count { throw reader.wrong("something follows behind its end") }
    return value
  }

  private init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func value() throws(ScenarioError) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try list()
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(let byte) where byte == UInt8(ascii: "-") || byte &- 0x30 < 10: return try number()
    case nil: throw wrong("it ends where a value is expected")
    default: throw wrong("a value is expected")
    }
  }

  private mutating func word(
    _ word: String, _ value: JSONValue
  ) throws(ScenarioError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw wrong("a value is expected") }
    position += word.utf8.count
    return value
  }

  private mutating func object() throws(ScenarioError) -> JSONValue {
    try enter()
    var fields: [String: JSONValue] = [:]
    skipSpace()
    if next == UInt8(ascii: "}") {
      leave()
      return .object([:])
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw wrong("a key in double quotes is expected") }
      let start = position
      let key = try text()
      path[path.count - 1] = key
      if fields[key] != nil {
        position = start
        throw ScenarioError(
          file: file, keyPath: keyPath, rule: "is there twice, again at \(place)",
          remedy: "keep the one that is meant")
      }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw wrong("a ':' is expected behind a key") }
      position += 1
      fields[key] = try value()
      if try isLast(UInt8(ascii: "}")) { return .object(fields) }
    }
  }

  private mutating func list() throws(ScenarioError) -> JSONValue {
    try enter()
    var values: [JSONValue] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      leave()
      return .array([])
    }
    while true {
      path[path.count - 1] = "[\(values.count)]"
      values.append(try value())
      if try isLast(UInt8(ascii: "]")) { return .array(values) }
    }
  }

  private mutating func enter() throws(ScenarioError) {
    if path.count == Self.depthLimit {
      throw wrong("lists and objects are more than \(Self.depthLimit) deep in each other")
    }
    path.append("")
    position += 1
  }

  private mutating func leave() {
    path.removeLast()
    position += 1
  }

  /// Goes behind a comma, or behind the end of a list or an object; whether it was the end.
  private mutating func isLast(_ end: UInt8) throws(ScenarioError) -> Bool {
    skipSpace()
    if next == end {
      leave()
      return true
    }
    guard next == UInt8(ascii: ",") else {
      let sign = Character(Unicode.Scalar(end))
      let start = next == nil ? "it ends where " : ""
      throw wrong("\(start)',' or '\(sign)' is expected")
    }
    position += 1
    skipSpace()
    if next == end { throw wrong("nothing follows a ','") }
    return false
  }

  private mutating func number() throws(ScenarioError) -> JSONValue {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let first = position
    let whole = digits()
    if whole == 0 { throw wrong("a digit is expected") }
    if whole > 1, bytes[first] == UInt8(ascii: "0") {
      position = first
      throw wrong("a number does not begin with 0")
    }
    if next == UInt8(ascii: ".") {
      position += 1
      if digits() == 0 { throw wrong("a digit is expected behind the point") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
      if digits() == 0 { throw wrong("a digit is expected in the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let whole = UInt64(text) { return .whole(whole) }
    guard let number = Double(text), number.isFinite else {
      position = start
      throw wrong("the number is larger than any that can be kept")
    }
    // "1e3" is as whole as "1000".
    if number.magnitude < 1e15, let whole = UInt64(exactly: number) { return .whole(whole) }
    return .number(number)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, byte &- 0x30 < 10 { position += 1 }
    return position - start
  }
}

extension JSONReader {
  /// The text that begins at a quote.
  private mutating func text() throws(ScenarioError) -> String {
    position += 1
    var units: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else {
          throw wrong("the text that ends here is not UTF-8")
        }
        position += 1
        return text
      case UInt8(ascii: "\\"): units += try escape()
      case 0..<0x20:
        let name = byte == 0x09 ? "tab" : byte == 0x0A ? "line break" : "control character"
        throw wrong("a \(name) in a text is written \(String(Unicode.Scalar(byte)).visible)")
      default:
        units.append(byte)
        position += 1
      }
    }
    throw wrong("it ends within a text")
  }

  private mutating func escape() throws(ScenarioError) -> [UInt8] {
    position += 1
    guard let byte = next else { throw wrong("it ends within a text") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try scalar()
    default:
      position -= 1
      throw wrong("there is no such escape")
    }
  }

  private mutating func scalar() throws(ScenarioError) -> [UInt8] {
    let start = position
    var value = try unit()
    if 0xD800..<0xDC00 ~= value, bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      let low = try unit()
      if 0xDC00..<0xE000 ~= low { value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(value) else {
      position = start
      throw wrong("half a surrogate pair is no character")
    }
    return Array(String(scalar).utf8)
  }

  private mutating func unit() throws(ScenarioError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw wrong("four hexadecimal digits are expected") }
    position += 4
    return unit
  }

  private var keyPath: String {
    path.reduce(into: "") { path, step in
      path += (path.isEmpty || step.hasPrefix("[") ? "" : ".") + step
    }
  }

  /// The line and column of the position, counted from 1 in characters.
  private var place: String {
    let before = bytes[..<min(position, bytes.count)]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0A } + 1
    // Bytes that go on a character are not counted.
    let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    return "line \(line), column \(column)"
  }

  private func wrong(_ reason: String) -> ScenarioError {
    ScenarioError(
      file: file, keyPath: place, rule: "is not JSON: \(reason)",
      remedy: "correct it, or check it with a JSON editor")
  }
}
