/// The fields of one row of a CSV file, as places in the bytes at hand.
struct CSVRow {
  var fields: [Range<Int>] = []
  /// How many fields may be found before the row is given up.
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Uses memory that is there already.
  init(limit: Int, reusing fields: inout [Range<Int>]) {
    self.limit = limit
    swap(&self.fields, &fields)
  }

  /// Reads the next row; false at the end of the file.
  ///
  /// A row of more fields than the limit is read until then, and no further.
  mutating func read(_ buffer: inout TextBuffer) throws(ScenarioError) -> Bool {
    var isAtEnd = false
    while true {
      fields.removeAll(keepingCapacity: true)
      if let end = try scan(buffer, isAtEnd: isAtEnd) {
        buffer.position = end.position
        buffer.line += end.lines
        return true
      }
      if isAtEnd { return false }
      isAtEnd = try !buffer.more()
    }
  }

  /// Where the row ends and how many lines it has; nil where that is not at hand.
  private mutating func scan(
    _ buffer: TextBuffer, isAtEnd: Bool
  ) throws(ScenarioError) -> (position: Int, lines: Int)? {
    let bytes = buffer.bytes
    let count = bytes.count
    var position = buffer.position
    var lines = 1
    if position >= count { return nil }
    while fields.count <= limit {
      let start = position
      if position < count, bytes[position] == 0x22 {
        guard let end = quotedEnd(bytes, from: start, &lines) else {
          if !isAtEnd { return nil }
          throw buffer.error("opens a quote that is not closed", "close it, or double it")
        }
        fields.append(start + 1..<end)
        position = end + 1
      } else {
        while position < count, bytes[position] != 0x2C, bytes[position] != 0x0A,
          bytes[position] != 0x0D
        {
          if bytes[position] == 0x22 {
            throw buffer.error(
              "has a quote inside a field that does not begin with one",
              "put the field in quotes, and double those that are in it")
          }
          position += 1
        }
        fields.append(start..<position)
      }
      guard position < count else { return isAtEnd ? (count, lines) : nil }
      switch bytes[position] {
      case 0x2C: position += 1
      case 0x0A: return (position + 1, lines)
      case 0x0D:
        if position + 1 == count { return isAtEnd ? (count, lines) : nil }
        if bytes[position + 1] != 0x0A { throw buffer.carriageReturn() }
        return (position + 2, lines)
      default:
        throw buffer.error(
          "has text behind a quoted field", "put all of the field in quotes, and double those in it"
        )
      }
    }
    return (position, lines)
  }

  /// Where the quote is that closes a field; nil where it is not at hand.
  private func quotedEnd(_ bytes: [UInt8], from start: Int, _ lines: inout Int) -> Int? {
    var position = start + 1
    while position < bytes.count {
      if bytes[position] == 0x0A { lines += 1 }
      if bytes[position] == 0x22 {
        guard position + 1 < bytes.count, bytes[position + 1] == 0x22 else { return position }
        position += 1
      }
      position += 1
    }
    return nil
  }
}
