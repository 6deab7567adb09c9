internal import Foundation
internal import SafeOutput
internal import Syncer
public import SyncerSimulation

/// A picture of the measure over the chunk time, a line per scheduler, with what was given and what
/// is advised.
struct AdvicePicture {
  private static let (width, height) = (880.0, 380.0)
  private static let (left, right, top, bottom) = (96.0, 700.0, 56.0, 332.0)
  /// The most lines.
  private static let colours: [GnuplotScript.Colour] = [
    .blue, .amber, .green, .purple, .vermilion,
  ]

  private let advice: Advice
  private let curves: [AdviceSearch.Curve]
  private let ink, text, page: String
  private let times, values: (least: Double, most: Double)

  init(_ advice: Advice, _ theme: TimelinePicture.Theme) {
    self.advice = advice
    (page, ink, text) =
      theme == .light ? ("#ffffff", "#59636e", "#1f2328") : ("#0d1117", "#9198a1", "#f0f6fc")
    let advised = advice.lines[advice.advised].name
    let chosen = advice.curves.filter { $0.candidate.name == advised }
    let others = advice.curves.filter { $0.candidate.name != advised }
    let scale = Self.scale(advice)
    curves = (chosen + others).prefix(Self.colours.count).map { curve in
      var curve = curve
      for place in curve.points.indices { curve.points[place].value *= scale }
      return curve
    }
    let points = curves.flatMap(\.points)
    let least = points.map(\.value).min() ?? 1
    let most = points.map(\.value).max() ?? 1
    // What costs more than twice the least is of no interest.
    let shown = max(min(most, least * 2) - least, least * 0.05)
    values = (least - shown * 0.12, least + shown * 1.05)
    times = (points.map(\.chunkSeconds).min() ?? 1, points.map(\.chunkSeconds).max() ?? 2)
  }

  private func x(_ seconds: Double) -> Double {
    let share = log2(seconds / times.least) / max(log2(times.most / times.least), 1e-9)
    return Self.left + share * (Self.right - Self.left)
  }

  private func y(_ value: Double) -> Double {
    let share = (value - values.least) / (values.most - values.least)
    return Self.bottom - share * (Self.bottom - Self.top)
  }

  private func number(_ value: Double) -> String { ChartAxis.fixed(value, 1) }

  private func label(
    _ words: String, x: Double, y: Double, anchor: String = "start", colour: String? = nil,
    isBold: Bool = false
  ) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\""
      + (colour.map { " fill=\"\($0)\"" } ?? "") + (isBold ? " font-weight=\"600\"" : "")
      + ">\(SVGDrawing.escaped(words.visible))</text>"
  }

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String
  ) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" "
      + "\(style)/>"
  }

  /// The picture as a file.
  var svg: String {
    let size = "\(Int(Self.width)) \(Int(Self.height))"
    let title = "\(advice.scenario.name): \(what) by chunk time"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" role=\"img\" "
        + "width=\"\(Int(Self.width))\" height=\"\(Int(Self.height))\" "
        + "font-family=\"system-ui, -apple-system, 'Segoe UI', sans-serif\" font-size=\"13\" "
        + "fill=\"\(ink)\">",
      ReportFile.drawingMark,
      "<title>\(SVGDrawing.escaped(title.visible))</title>",
      "<desc>\(SVGDrawing.escaped(advice.sentences[0].visible))</desc>",
      label(title, x: Self.left, y: 20, colour: text, isBold: true),
    ]
    lines += axes + marks
    for (place, curve) in curves.enumerated() {
      lines.append(path(curve, Self.colours[place]))
    }
    return (lines + names + [advisedPoint, "</svg>", ""]).joined(separator: "\n")
  }

  private var what: String {
    if case .completion = advice.measure {
      "expected time to completion"
    } else {
      advice.measureName
    }
  }

  private var axes: [String] {
    let unit = unit
    var lines = ChartAxis.linear(from: values.least / unit.size, to: values.most / unit.size)
      .tics.flatMap { tic in
        let height = y(tic.value * unit.size)
        return [
          line(
            Self.left, height, Self.right, height, "stroke=\"\(ink)\" stroke-opacity=\"0.25\""),
          label(tic.text + unit.name, x: Self.left - 8, y: height + 4, anchor: "end"),
        ]
      }
    lines.append(line(Self.left, Self.bottom, Self.right, Self.bottom, "stroke=\"\(ink)\""))
    let octaves = max(1, Int((log2(times.most / times.least) / 7).rounded(.up)))
    var time = advice.lines[advice.reference].chunkSeconds
    while time / exp2(Double(octaves)) >= times.least { time /= exp2(Double(octaves)) }
    while time <= times.most * 1.001 {
      if time >= times.least * 0.999 {
        lines.append(
          label(DurationText.text(time), x: x(time), y: Self.bottom + 18, anchor: "middle"))
      }
      time *= exp2(Double(octaves))
    }
    lines.append(
      label(
        "chunk time", x: (Self.left + Self.right) / 2, y: Self.bottom + 38, anchor: "middle"))
    return lines
  }

  /// The unit of the values.
  private var unit: (size: Double, name: String) {
    guard case .completion = advice.measure else { return (1, "") }
    let unit = TimeUnit(endSeconds: values.most)
    return (unit.seconds, " \(unit.name)")
  }

  /// What the values of the search are multiplied by: they are of waste itself and of fewer
  /// replications, and what is shown is as the table has it.
  private static func scale(_ advice: Advice) -> Double {
    let line = advice.lines[advice.advised]
    let curve = advice.curves.first { $0.candidate.name == line.name }
    let point = curve?.points.first { $0.chunkSeconds == line.chunkSeconds }
    guard let value = point?.value, value > 0 else { return 1 }
    return line.value.mean / value
  }

  /// Upright lines at the chunk time given, and at Young's estimate.
  private var marks: [String] {
    let given = advice.lines[advice.reference].chunkSeconds
    var lines = upright(
      given, advice.origin == nil ? "given \(DurationText.text(given))" : "derived", row: 0)
    if let young = advice.youngSeconds, young >= times.least, young <= times.most {
      lines += upright(young, "Young's estimate \(DurationText.text(young))", row: 1)
    }
    return lines
  }

  private func upright(_ seconds: Double, _ words: String, row: Int) -> [String] {
    let isRight = x(seconds) > (Self.left + Self.right) / 2
    return [
      line(
        x(seconds), Self.top - 6 - Double(row) * 14, x(seconds), Self.bottom,
        "stroke=\"\(text)\" stroke-dasharray=\"6 4\""),
      label(
        words, x: x(seconds) + (isRight ? -6 : 6), y: Self.top - 2 - Double(row) * 14,
        anchor: isRight ? "end" : "start", colour: text),
    ]
  }

  /// A line through the points that are in the picture.
  private func path(_ curve: AdviceSearch.Curve, _ colour: GnuplotScript.Colour) -> String {
    var commands = ""
    var isDrawing = false
    for point in curve.points.sorted(by: { $0.chunkSeconds < $1.chunkSeconds }) {
      guard point.value <= values.most else {
        isDrawing = false
        continue
      }
      commands +=
        "\(isDrawing ? "L" : "M")\(number(x(point.chunkSeconds))) \(number(y(point.value))) "
      isDrawing = true
    }
    return "<path d=\"\(commands)\" fill=\"none\" stroke=\"\(colour.rawValue)\" stroke-width=\"2\" "
      + "stroke-linejoin=\"round\"/>"
  }

  /// The schedulers, each beside the end of its line where that has room.
  private var names: [String] {
    var places = curves.enumerated().map { place, curve in
      let end = curve.points.filter { $0.value <= values.most }
        .max { $0.chunkSeconds < $1.chunkSeconds }
      return (place: place, y: end.map { y($0.value) } ?? Self.top)
    }.sorted { $0.y < $1.y }
    for index in places.indices.dropFirst() {
      places[index].y = max(places[index].y, places[index - 1].y + 16)
    }
    let excess = max(0, (places.last?.y ?? 0) - Self.bottom)
    return places.map { place, y in
      label(
        curves[place].candidate.name, x: Self.right + 12, y: y - excess + 4,
        colour: Self.colours[place].rawValue, isBold: place == 0)
    }
  }

  private var advisedPoint: String {
    let line = advice.lines[advice.advised]
    let value = line.value.mean
    let words = "\(DurationText.text(line.chunkSeconds)): \(advice.words(line.value.mean))"
    let isRight = x(line.chunkSeconds) > Self.right - 120
    return "<circle cx=\"\(number(x(line.chunkSeconds)))\" cy=\"\(number(y(value)))\" r=\"5\" "
      + "fill=\"\(Self.colours[0].rawValue)\" stroke=\"\(page)\" stroke-width=\"2\"/>\n"
      + label(
        words, x: x(line.chunkSeconds) + (isRight ? -10 : 10), y: y(value) - 10,
        anchor: isRight ? "end" : "start", colour: text, isBold: true)
  }
}

extension Advice {
  /// A picture of what was searched, and what is advised, as a file of SVG.
  public func svg(_ theme: TimelinePicture.Theme) -> String {
    AdvicePicture(self, theme).svg
  }

  /// Writes the picture for a bright page.
  ///
  /// - Throws: `ScenarioError` where the file cannot be written.
  public func writePicture(to path: String) throws(ScenarioError) {
    do {
      let file = try OutputFile(
        path, inputs: scenario.files.paths.compactMap { FileIdentity($0) },
        remedy: "choose another file with --picture",
        isOurs: { String(decoding: $0, as: UTF8.self).contains(ReportFile.drawingMark) })
      try file.write(svg(.light).utf8)
      try file.commit()
    } catch {
      throw ScenarioError(writing: path, error)
    }
  }
}
