extension [UInt8] {
  /// Adds a field of a CSV file, in quotes where it needs them (RFC 4180).
  ///
  /// A text that a spreadsheet would run as a formula has an apostrophe in front of it, which
  /// `withoutApostrophe` takes away again.
  package mutating func appendCSVField(_ text: String) {
    let text = text.isTakenForFormula ? "'" + text : text
    let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else {
      append(contentsOf: text.utf8)
      return
    }
    append(0x22)
    for byte in text.utf8 {
      if byte == 0x22 { append(0x22) }
      append(byte)
    }
    append(0x22)
  }
}

extension String {
  /// Whether a spreadsheet runs the text, apostrophes in front of it left aside.
  ///
  /// What begins with an equals sign, an at sign, a tab or a carriage return; with a plus or a minus
  /// unless it is a number or that sign alone; or with the wide forms of those signs.
  fileprivate var isTakenForFormula: Bool {
    let own = unicodeScalars.drop { $0 == "'" }
    switch own.first {
    case "=", "@", "\t", "\r", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
    case "+", "-": return own.count > 1 && Double(String(own)) == nil
    default: return false
    }
  }

  /// The text as it was before it became a field of a CSV file.
  package var withoutApostrophe: String {
    guard utf8.first == 0x27, isTakenForFormula else { return self }
    return String(unicodeScalars.dropFirst())
  }
}
