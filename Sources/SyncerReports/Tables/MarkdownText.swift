internal import SafeOutput
internal import SyncerSimulation

extension String {
  /// The text as markdown shows it: in one line, with nothing in it that has a meaning there.
  var markdown: String {
    var result = String.UnicodeScalarView()
    var before: Unicode.Scalar = " "
    let scalars = Array(visible.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let after = index + 1 < scalars.count ? scalars[index + 1] : " "
      switch scalar {
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "\\", "`", "|", "*", "[", "]", "~", "$":
        result.append("\\")
        result.append(scalar)
      // Within a word it is a letter like any other.
      case "_" where !before.properties.isAlphabetic || !after.properties.isAlphabetic:
        result.append("\\")
        result.append(scalar)
      default: result.append(scalar)
      }
      before = scalar
    }
    return String(result)
  }
}
