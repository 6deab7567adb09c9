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

  private(set) var text = ""

  /// Starts a script of images of one size, in pixels, with what all have in common.
  init(title: String, width: Int = 400, height: Int = 270) {
    add("# \(title)")
    add("# Restyle it and draw again, in this folder: gnuplot FILE.gp")
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

  mutating func add(_ line: String) { text += line + "\n" }

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

  /// A text as gnuplot reads it: in single quotes, where nothing is replaced or run.
  static func quoted(_ text: String) -> String {
    let line = text.map { $0.isNewline || $0 == "\0" ? " " : $0 }
    return "'" + String(line).replacing("'", with: "''") + "'"
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
    !label.contains("\"") && !label.contains(where: \.isNewline)
  }

  /// That a row is of a run's scheduler, in its first replication.
  static func condition(_ run: RunTimeline) -> String {
    "(stringcolumn('scheduler') eq \(quoted(run.scheduler)) && column('replication') == 1)"
  }
}
