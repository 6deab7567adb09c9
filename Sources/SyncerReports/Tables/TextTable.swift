internal import SafeOutput
internal import SyncerSimulation

/// Rows and columns of text, for terminals and for markdown.
struct TextTable {
  /// The names of the columns; the first is set left, the others right.
  var header: [String]
  var rows: [[String]] = []

  /// Columns padded with spaces, two between them.
  var text: String {
    let lines = ([header] + rows).map { $0.map(\.visible) }
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { row in
      var line = ""
      for (column, field) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - field.count)
        line += (column > 0 ? "  " : "") + (column == 0 ? field + padding : padding + field)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  var markdown: String {
    let rule = header.indices.map { $0 == 0 ? "---" : "--:" }
    return ([header.map(\.markdown), rule] + rows.map { $0.map(\.markdown) })
      .map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }
}
