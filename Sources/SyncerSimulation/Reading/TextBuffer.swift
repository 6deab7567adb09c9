/// A window on the bytes of a file, which moves on as they are used.
///
/// It holds the row that is being read and some bytes beyond, however long the file is.
struct TextBuffer {
  /// The bytes at hand.
  private(set) var bytes: [UInt8] = []
  /// Where the next row begins among them.
  var position = 0
  private let blocks: FileBlocks?
  private let file: String
  /// The number of the row's first line, from 1.
  var line = 1

  /// The longest row, in bytes.
  static let rowLimit = 1 << 24

  /// Opens a file; a byte order mark is skipped.
  init(_ path: String, remedy: String) throws(ScenarioError) {
    let blocks = try FileBlocks(path, remedy: remedy)
    self.blocks = blocks
    file = path
    while bytes.count < 3 {
      let block = try blocks.next()
      if block.isEmpty { break }
      bytes += block
    }
    skipMark()
  }

  /// Reads bytes in memory.
  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    blocks = nil
    skipMark()
  }

  private mutating func skipMark() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Puts further bytes behind those from `position` on, which are then at the start; false at the
  /// end of the file.
  mutating func more() throws(ScenarioError) -> Bool {
    guard let blocks else { return false }
    if bytes.count - position > Self.rowLimit {
      throw error(
        "is longer than \(Self.rowLimit) bytes", "check that it is the file that is meant")
    }
    let block = try blocks.next()
    if block.isEmpty { return false }
    bytes.removeFirst(position)
    position = 0
    bytes += block
    return true
  }

  /// An error about the row.
  func error(_ rule: String, _ remedy: String) -> ScenarioError {
    ScenarioError(file: file, keyPath: "line \(line)", rule: rule, remedy: remedy)
  }

  /// An error about a line end that no standard knows.
  func carriageReturn() -> ScenarioError {
    error(
      "has a carriage return without a line feed: the file ends its lines as old Macs did",
      "convert it, for example by: tr '\\r' '\\n'")
  }

  /// The next line without its end; nil at the end of the file.
  mutating func nextLine() throws(ScenarioError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = bytes[searched...].firstIndex(of: 0x0A) {
        defer { position = end + 1 }
        return try withoutReturn(bytes[position..<end])
      }
      let known = bytes.count - position
      if try !more() { break }
      searched = position + known
    }
    if position >= bytes.count { return nil }
    defer { position = bytes.count }
    return try withoutReturn(bytes[position...])
  }

  private func withoutReturn(_ line: ArraySlice<UInt8>) throws(ScenarioError) -> ArraySlice<UInt8> {
    let line = line.last == 0x0D ? line.dropLast() : line
    if line.contains(0x0D) { throw carriageReturn() }
    return line
  }
}

/// Decimal numbers, as files of figures hold them.
enum DecimalNumber {
  /// The number; nil for what is none, such as a hexadecimal one or "inf".
  static func value(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in
      byte &- 0x30 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }
    return isDecimal ? Double(text) : nil
  }
}
