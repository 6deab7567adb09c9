internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

/// A script of gnuplot in the making.
struct GnuplotScript {
  /// The colours of charts: distinguishable with any colour vision (after Okabe and Ito), and
  /// readable on white and on black.
  enum Colour: String {
    /// Text, axes and the target.
    case ink = "#777777"
    /// A chunk, the first class.
    case blue = "#2b8fd0"
    /// A collapsed chunk.
    case vermilion = "#d9480f"
    /// Load, the second class.
    case amber = "#c98a00"
    /// The third class.
    case green = "#009e73"
    /// The fourth class.
    case purple = "#b0629e"
  }

  /// The colours of classes, in order.
  static let classColours: [Colour] = [.blue, .amber, .green, .purple]

  private let title: String
  private var body = ""

  /// The script, with a mark that tells one that was restyled from one as it was written.
  var text: String {
    ScriptMark.marked(commented)
  }

  private var commented: String {
    """
    # \(Self.line(title))
    # Restyle a copy of it in this folder, and draw: gnuplot COPY.gp
    \(body)
    """
  }

  /// Starts a script of images of one size, in pixels, with what all have in common.
  init(title: String, width: Int = 400, height: Int = 270) {
    self.title = title
    add("set datafile separator comma")
    add("set datafile columnheaders")
    add("set encoding utf8")
    add(
      "set terminal svg size \(width),\(height) dynamic noenhanced rounded "
        + "font 'system-ui,sans-serif,12'")
    add("set border 3 linewidth 1 linecolor rgb '\(Colour.ink.rawValue)'")
    add("set tics nomirror out scale 0.4 textcolor rgb '\(Colour.ink.rawValue)'")
    add("set grid y linewidth 0.4 dashtype 3 linecolor rgb '\(Colour.ink.rawValue)'")
    add("set key off")
  }

  mutating func add(_ line: String) { body += line + "\n" }

  /// Sets the range, the marks and the name of an axis, `x` or `y`.
  mutating func axis(
    _ name: String, _ axis: ChartAxis, _ label: String, isLogarithmic: Bool = false
  ) {
    add(isLogarithmic ? "set logscale \(name)" : "unset logscale \(name)")
    add("set \(name)range [\(axis.lower):\(axis.upper)]")
    let tics = axis.tics.map { "\(Self.quoted($0.text)) \($0.value)" }.joined(separator: ", ")
    add("set \(name)tics (\(tics))")
    let offset = name == "x" ? "0,0.4" : "1,0"
    add(
      "set \(name)label \(Self.quoted(label)) offset \(offset) "
        + "textcolor rgb '\(Colour.ink.rawValue)'")
  }

  /// Starts the next image.
  mutating func image(_ file: String, title: String) {
    add("")
    add("set output \(Self.quoted(file))")
    add("set title \(Self.quoted(title)) offset 0,-0.6 textcolor rgb '\(Colour.ink.rawValue)'")
  }

  /// Draws layers over each other.
  mutating func plot(_ layers: [String]) {
    add("plot " + layers.joined(separator: ", \\\n  "))
  }

  /// A text as gnuplot reads it, as a text and nothing else.
  ///
  /// In single quotes nothing is replaced or run, but gnuplot 5.4 fails at a quote that is doubled
  /// right behind the first. A text with any doubtful sign in it has all its signs as octal numbers.
  static func quoted(_ text: String) -> String {
    let line = line(text)
    if line.utf8.allSatisfy({ isPlain($0) || plainSigns.contains($0) }) { return "'\(line)'" }
    var quoted = "\""
    for scalar in line.unicodeScalars {
      if scalar.utf8.allSatisfy(isPlain) {
        quoted.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 8)
        quoted += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return quoted + "\""
  }

  /// Letters, digits, spaces, and all that is not ASCII.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == 0x20 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }

  private static let plainSigns = Set("-_.,:;()/=+*%#|<>[]{}!?&^~".utf8)

  /// A text in one line, with nothing in it that gnuplot or an image cannot hold.
  private static func line(_ text: String) -> String {
    let line = text.visible.unicodeScalars.filter { scalar in
      // What is no character is no part of an image either.
      !scalar.properties.isNoncharacterCodePoint
    }
    return String(String.UnicodeScalarView(line))
  }

  /// The rows of one run in chunks.csv: by its label, and by row number where it has too many
  /// chunks to draw each, or a label that gnuplot does not read back.
  static func rows(_ run: RunTimeline, limit: Int = 1500) -> (every: String, condition: String) {
    let step = max(1, (run.chunks.count + limit - 1) / limit)
    let last = run.firstRow + run.chunks.count - 1
    if !isReadBack(run.scheduler) {
      return (" every \(step)::\(run.firstRow)::\(last)", "1")
    }
    return (step == 1 ? "" : " every \(step)", condition(run))
  }

  /// Whether gnuplot reads a label in a CSV file as it is: it takes a doubled quote for an end.
  static func isReadBack(_ label: String) -> Bool {
    var field: [UInt8] = []
    field.appendCSVField(label)
    return line(label) == label && !label.utf8.contains(0x22)
      && (field.elementsEqual(label.utf8) || field.elementsEqual("\"\(label)\"".utf8))
  }

  /// That a row is of a run's scheduler, in the replication that is drawn.
  static func condition(_ run: RunTimeline) -> String {
    "(stringcolumn('scheduler') eq \(quoted(run.scheduler)) "
      + "&& column('replication') == \(run.replication))"
  }
}
