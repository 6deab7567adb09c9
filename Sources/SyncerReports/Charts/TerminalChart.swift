internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

/// A chart for a terminal: chunk durations over virtual time, a panel per scheduler on shared axes.
public struct TerminalChart: Sendable {
  private static let label = 10

  private let runs: [RunTimeline]
  private let columns: Int
  private let isColoured: Bool

  /// Makes a chart of runs.
  ///
  /// - Parameters:
  ///   - runs: The runs, each with at least one chunk.
  ///   - width: The width of the terminal in characters; at least 40 and at most 120 are used.
  ///   - isColoured: Whether collapsed chunks are red, by escape sequences.
  public init(_ runs: [RunTimeline], width: Int = 80, isColoured: Bool = false) {
    self.runs = runs
    columns = min(max(width, 40), 120) - Self.label - 2
    self.isColoured = isColoured
  }

  /// The chart, ending in a line break; empty without runs.
  public var text: String {
    guard let end = runs.map(\.endSeconds).max(), end > 0 else { return "" }
    let target = runs.compactMap(\.targetSeconds).first
    let durations = runs.flatMap { $0.chunks.map(\.durationSeconds) }.filter { $0 > 0 }
    let scale = TerminalScale(
      durations: durations, target: target, columns: columns, endSeconds: end)
    let unit = TimeUnit(endSeconds: end)
    var text = "Chunk durations over virtual time"
    text +=
      target.map { ", a factor of two per row; ┄ target \(DurationText.text($0))" }
      ?? ", logarithmic"
    text += "; ━ chunk, █ collapsed\n"
    for run in runs { text += "\n" + panel(run, scale) }
    let last = "\(DurationText.significant(end / unit.seconds)) \(unit.name)"
    let gap = String(repeating: " ", count: max(1, columns - last.count - 1))
    return text + String(repeating: " ", count: Self.label + 2) + "0" + gap + last + "\n"
  }

  private func panel(_ run: RunTimeline, _ scale: TerminalScale) -> String {
    var cells = (0..<TerminalScale.rows).map { row in
      [Character](repeating: scale.isTarget(row) ? "┄" : " ", count: columns)
    }
    // Collapsed chunks last, so that nothing hides them.
    for chunk in run.chunks.filter({ !$0.isCollapsed }) + run.chunks.filter(\.isCollapsed) {
      guard chunk.durationSeconds > 0 else { continue }
      let row = scale.row(chunk.durationSeconds)
      let from = scale.column(chunk.startSeconds)
      let to = scale.column(chunk.startSeconds + chunk.durationSeconds)
      for column in from...max(from, to) { cells[row][column] = chunk.isCollapsed ? "█" : "━" }
    }
    var lines = [ChunkCharts.caption(run).visible]
    for (row, cells) in cells.enumerated() {
      let mark = scale.mark(row)
      let padding = String(repeating: " ", count: max(0, Self.label - mark.count))
      var line = String(cells)
      while line.last == " " { line.removeLast() }
      lines.append(padding + mark + (mark.isEmpty ? " │" : " ┤") + coloured(line))
    }
    let rule = String(repeating: " ", count: Self.label) + " └"
    return (lines + [rule + String(repeating: "─", count: columns)]).joined(separator: "\n") + "\n"
  }

  private func coloured(_ line: String) -> String {
    if !isColoured { return line }
    var result = ""
    var isRed = false
    for character in line {
      if (character == "█") != isRed {
        isRed.toggle()
        result += isRed ? "\u{1B}[31m" : "\u{1B}[0m"
      }
      result.append(character)
    }
    return result + (isRed ? "\u{1B}[0m" : "")
  }
}
