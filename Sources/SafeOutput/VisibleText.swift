extension String {
  /// The text with everything visible that a terminal would obey, and in one line.
  ///
  /// Controls, separators of lines, and marks that turn the direction of writing are spelt as in
  /// JSON (`\u001b`), so that a JSON text stays the text it is.
  package var visible: String {
    VisibleText.spelt(self, keepsLines: false)
  }

  /// As `visible`, with line breaks and tabs left alone.
  package var visibleLines: String {
    VisibleText.spelt(self, keepsLines: true)
  }
}

extension String {
  /// The text as one word of a shell, quoted where that is needed.
  package var shellQuoted: String {
    let plain = Set("-_./=,:+%@".utf8)
    let isPlain = utf8.allSatisfy { byte in
      byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || plain.contains(byte)
    }
    if isPlain && !isEmpty { return self }
    var quoted = "'"
    for scalar in unicodeScalars {
      if scalar == "'" { quoted.unicodeScalars.append(contentsOf: "'\\'".unicodeScalars) }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "'"
  }
}

/// Which scalars a terminal obeys, and how they are spelt.
private enum VisibleText {
  static func spelt(_ text: String, keepsLines: Bool) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || keepsLines && $0 == 0x0A }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if keepsLines, scalar == "\n" || scalar == "\t" {
        result.append(scalar)
      } else if isObeyed(scalar) {
        result.append(contentsOf: spelling(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    // Format marks join emoji, too: those that neither turn nor hide anything stay.
    case .format: scalar.value != 0x200D && scalar.value != 0x200C && scalar.value != 0xAD
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }

  private static func spelling(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    return String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}
