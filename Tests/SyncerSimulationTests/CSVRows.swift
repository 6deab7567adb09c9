/// A reader of RFC 4180 that shares no code with the writer.
struct CSVRows {
  private(set) var rows: [[String]] = []

  init(_ text: String) {
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var afterQuote = false
    for character in text {
      if isQuoted {
        if character == "\"" {
          isQuoted = false
          afterQuote = true
        } else {
          field.append(character)
        }
        continue
      }
      switch character {
      case "\"":
        if afterQuote { field.append("\"") }
        isQuoted = true
      case ",":
        row.append(field)
        field = ""
      case "\r\n":
        row.append(field)
        rows.append(row)
        (row, field) = ([], "")
      default: field.append(character)
      }
      afterQuote = false
    }
  }

  /// The rows after the header, by column name.
  var records: [[String: String]] {
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { row in
      Dictionary(zip(header, row), uniquingKeysWith: { first, _ in first })
    }
  }
}
