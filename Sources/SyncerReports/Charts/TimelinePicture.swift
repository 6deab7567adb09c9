internal import Foundation
internal import Syncer
public import SyncerSimulation

/// A picture of what schedulers make of a scenario: a panel each, beside each other on shared axes, in
/// which every chunk is a bar from its start to its end, as high as it took.
///
/// It is written without gnuplot, so that the same run gives the same bytes everywhere.
public struct TimelinePicture: Sendable {
  /// What the picture stands on.
  public enum Theme: String, Sendable, CaseIterable {
    /// A bright page.
    case light
    /// A dark page.
    case dark
  }

  private let runs: [RunTimeline]

  /// Runs the first replication of a scenario under each of its schedulers.
  ///
  /// - Throws: as `Simulation.run(_:onChunk:)`.
  public init(_ scenario: Scenario) async throws {
    let simulation = try Simulation(scenario)
    var runs: [RunTimeline] = []
    for settings in scenario.schedulers {
      var run = RunTimeline(scheduler: settings.label, firstRow: 0)
      _ = try await simulation.run(settings) { run.append($0) }
      runs.append(run)
    }
    self.runs = runs
  }

  /// The picture as a file of SVG.
  public func svg(_ theme: Theme) -> String {
    let layout = PictureLayout(runs)
    let colours = PictureColours(theme)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(layout.width) \(layout.height)\" "
        + "width=\"\(layout.width)\" height=\"\(layout.height)\" role=\"img\" "
        + "font-family=\"system-ui, -apple-system, 'Segoe UI', sans-serif\" font-size=\"13\" "
        + "fill=\"\(colours.ink)\">",
      "<title>\(SVGDrawing.escaped(runs.map(ChunkCharts.caption).joined(separator: "; ")))</title>",
    ]
    for mark in layout.duration.tics {
      let y = layout.y(mark.value)
      lines.append(layout.text(mark.text, x: PictureLayout.left - 8, y: y + 4, anchor: "end"))
    }
    if let target = runs.compactMap(\.targetSeconds).first {
      lines.append(
        "<text x=\"\(layout.number(PictureLayout.left - 8))\" "
          + "y=\"\(layout.number(layout.y(target) + 4))\" text-anchor=\"end\" font-weight=\"600\" "
          + "fill=\"\(colours.text)\">target \(DurationMark.text(target))</text>")
    }
    let middle = layout.number((layout.bottom + PictureLayout.top) / 2)
    lines.append(
      "<text transform=\"translate(14 \(middle)) rotate(-90)\" text-anchor=\"middle\">"
        + "chunk duration</text>")
    for (number, run) in runs.enumerated() {
      lines += panel(run, layout.panel(number), layout, colours)
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private func panel(
    _ run: RunTimeline, _ left: Double, _ layout: PictureLayout, _ colours: PictureColours
  ) -> [String] {
    let right = left + layout.panelWidth
    var lines = [
      "<text x=\"\(layout.number(left))\" y=\"18\" font-size=\"15\" font-weight=\"600\" "
        + "fill=\"\(colours.text)\">\(SVGDrawing.escaped(run.scheduler))</text>",
      layout.text(ChunkCharts.figures(run), x: left, y: 37),
    ]
    for mark in layout.duration.tics {
      lines.append(
        layout.line(left, layout.y(mark.value), right, layout.y(mark.value))
          + " stroke=\"\(colours.ink)\" stroke-opacity=\"0.25\"/>")
    }
    for chunk in run.chunks where chunk.durationSeconds > 0 {
      let (x, y) = (layout.x(chunk.startSeconds, left), layout.y(chunk.durationSeconds))
      let end = layout.x(chunk.startSeconds + chunk.durationSeconds, left)
      lines.append(
        "<rect x=\"\(layout.number(x))\" y=\"\(layout.number(y))\" "
          + "width=\"\(layout.number(max(end - x, 0.3)))\" "
          + "height=\"\(layout.number(layout.bottom - y))\" "
          + "fill=\"\(chunk.isCollapsed ? colours.collapsed : colours.chunk)\" "
          + "stroke=\"\(colours.page)\" stroke-width=\"0.4\"/>")
    }
    if let target = run.targetSeconds {
      let y = layout.y(target)
      lines.append(
        layout.line(left, y, right, y)
          + " stroke=\"\(colours.text)\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"/>")
    }
    lines.append(
      layout.line(left, layout.bottom, right, layout.bottom) + " stroke=\"\(colours.ink)\"/>")
    for mark in layout.time.tics {
      let x = layout.x(mark.value * layout.unit.seconds, left)
      lines.append(layout.text(mark.text, x: x, y: layout.bottom + 18, anchor: "middle"))
    }
    lines.append(
      layout.text(
        "virtual time (\(layout.unit.name))", x: (left + right) / 2, y: layout.bottom + 36,
        anchor: "middle"))
    return lines
  }
}

/// The colours of a picture, readable on its page.
private struct PictureColours {
  var page, ink, text, chunk, collapsed: String

  init(_ theme: TimelinePicture.Theme) {
    (page, ink, text, chunk, collapsed) =
      theme == .light
      ? ("#ffffff", "#59636e", "#1f2328", "#2b8fd0", "#d9480f")
      : ("#0d1117", "#9198a1", "#f0f6fc", "#3f9fde", "#f2703a")
  }
}

/// Where things stand in a picture, in its pixels.
private struct PictureLayout {
  static let left = 112.0
  private static let gap = 28.0
  static let top = 52.0

  let height = 320
  let width = 880
  let duration: ChartAxis
  let time: ChartAxis
  let unit: TimeUnit
  let panelWidth: Double

  /// Where the bars stand.
  var bottom: Double { Double(height) - 44 }

  init(_ runs: [RunTimeline]) {
    let end = max(runs.map(\.endSeconds).max() ?? 1, 1e-9)
    unit = TimeUnit(endSeconds: end)
    time = .linear(from: 0, to: end / unit.seconds)
    let durations = runs.flatMap { $0.chunks.map(\.durationSeconds) }
    // A decade below the target is as much as shows how near chunks came to it.
    let least = runs.compactMap(\.targetSeconds).min().map { $0 / 10 } ?? 0
    duration = .durations(durations.map { max($0, least) }, room: (1.2, 1.6))
    let count = Double(max(runs.count, 1))
    panelWidth = (Double(width) - Self.left - 14 - Self.gap * (count - 1)) / count
  }

  /// The left end of a panel.
  func panel(_ number: Int) -> Double { Self.left + Double(number) * (panelWidth + Self.gap) }

  func x(_ seconds: Double, _ left: Double) -> Double {
    left + seconds / unit.seconds / time.upper * panelWidth
  }

  func y(_ seconds: Double) -> Double {
    let least = log(duration.lower)
    let share = (log(max(seconds, duration.lower)) - least) / (log(duration.upper) - least)
    return bottom - share * (bottom - Self.top)
  }

  func number(_ value: Double) -> String { ChartAxis.fixed(value, 2) }

  func text(_ text: String, x: Double, y: Double, anchor: String = "start") -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
      + "\(SVGDrawing.escaped(text))</text>"
  }

  /// A line without its end, for what it is drawn with.
  func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\""
  }
}
