internal import SyncerSimulation

/// Where rows of a CSV file end.
enum CSVRecord {
  /// The place behind the line end of the row that begins somewhere; nil where the file ends first.
  ///
  /// A line end in quotes is text.
  static func end(in bytes: [UInt8], from start: Int) -> Int? {
    var isQuoted = false
    for position in start..<bytes.count {
      if bytes[position] == 0x22 { isQuoted.toggle() }
      if bytes[position] == 0x0A && !isQuoted { return position + 1 }
    }
    return nil
  }
}
