internal import Syncer
internal import SyncerSimulation

/// Duration and size of every chunk over virtual time, a panel per scheduler on shared axes.
struct ChunkCharts {
  let source: ChartSource

  /// Room for the name of a phase below the chunks and for the worst chunk's figure above them.
  private static let room = (below: 5.0, above: 5.0)

  /// Chunk durations against the target.
  var duration: Chart {
    let target = source.runs.compactMap(\.targetSeconds).first
    let axis = ChartAxis.durations(
      source.runs.flatMap { $0.chunks.map(\.durationSeconds) } + [target].compactMap { $0 },
      room: Self.room)
    var script = GnuplotScript(title: "Chunk duration over virtual time against the target.")
    script.axis("x", source.timeAxis, source.timeLabel)
    script.axis("y", axis, "chunk duration", isLogarithmic: true)
    script.add("set lmargin 10")
    if target != nil { script.add("set rmargin 7") }
    source.shading(&script)
    let images = source.runs.enumerated().map { number, run in
      let file = "duration-\(number + 1).svg"
      source.marks(run, &script)
      worstLabel(run, &script)
      script.image(file, title: run.scheduler)
      let (every, condition) = GnuplotScript.rows(run)
      targetLabel(target, &script)
      let line = target.map {
        ["\($0) with lines linewidth 1.8 linecolor rgb '\(GnuplotScript.Colour.purple.rawValue)'"]
      }
      script.plot(
        source.loadLayer(run, axis) + [
          layer(every, condition, "duration_s", .blue, width: 3.5),
          // All collapsed chunks, also where not every chunk is drawn.
          layer(
            GnuplotScript.rows(run, limit: 100_000).every,
            "\(condition) && column('duration_s') > 2 * \(Self.floor)", "duration_s",
            .vermilion, width: 6),
        ] + (line ?? []))
      return Chart.Image(
        file: file, alternative: alternative(run), caption: Self.caption(run))
    }
    return Chart(
      title: "Chunk duration over virtual time",
      explanation: Self.explanation(target: target, source), scriptName: "duration.gp",
      script: script.text, images: images)
  }

  /// Chunk sizes.
  var size: Chart {
    let axis = ChartAxis.logarithmic(
      source.runs.flatMap { $0.chunks.map { Double($0.size) } }, room: Self.room
    ) { $0 < 1 ? "" : ChartAxis.fixed($0, 0) }
    var script = GnuplotScript(title: "Chunk size over virtual time.")
    script.axis("x", source.timeAxis, source.timeLabel)
    script.axis("y", axis, "items per chunk", isLogarithmic: true)
    script.add("set lmargin 10")
    source.shading(&script)
    let images = source.runs.enumerated().map { number, run in
      let file = "size-\(number + 1).svg"
      source.marks(run, &script)
      script.image(file, title: run.scheduler)
      let (every, condition) = GnuplotScript.rows(run)
      script.plot(
        source.loadLayer(run, axis) + [layer(every, condition, "size", .blue, width: 3.5)])
      let sizes = run.chunks.map(\.size)
      let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
      let range =
        least == most ? "of \(most.counted("item"))" : "from \(least) to \(most) items"
      return Chart.Image(
        file: file,
        alternative: "Chunk sizes of \(run.scheduler) over virtual time: \(range).",
        caption: "\(run.scheduler): chunks \(range)")
    }
    return Chart(
      title: "Chunk size over virtual time",
      explanation: "How many items each chunk had. A good scheduler makes chunks of quick items "
        + "large and chunks of slow ones small, in time.",
      scriptName: "size.gp", script: script.text, images: images)
  }

  /// Chunks as bars from their start to their end.
  private func layer(
    _ every: String, _ condition: String, _ column: String, _ colour: GnuplotScript.Colour,
    width: Double
  ) -> String {
    "'chunks.csv'\(every) using (\(condition) ? \(source.timeColumn) : NaN):(column('\(column)')):"
      + "(column('duration_s') / \(source.time.seconds)):(0) with vectors nohead "
      + "linewidth \(width) linecolor rgb '\(colour.rawValue)'"
  }

  /// max(T, longest item), from the columns of chunks.csv.
  private static let floor =
    "(column('longest_item_s') > column('target_s') ? column('longest_item_s') : "
    + "column('target_s'))"

  /// Names the line of the target, at its right end above it.
  private func targetLabel(_ target: Double?, _ script: inout GnuplotScript) {
    guard let target else { return }
    script.add(
      "set label 'target' at graph 1, first \(target) left offset 0.5,0 front "
        + "textcolor rgb '\(GnuplotScript.Colour.purple.rawValue)' font ',11'")
  }

  /// Writes how many targets the worst chunk took beside it.
  private func worstLabel(_ run: RunTimeline, _ script: inout GnuplotScript) {
    guard
      let worst = run.chunks.filter(\.isCollapsed).max(by: {
        $0.durationSeconds < $1.durationSeconds
      }), let target = worst.targetSeconds
    else { return }
    let times = DurationText.significant(worst.durationSeconds / target)
    let x = (worst.startSeconds + worst.durationSeconds / 2) / source.time.seconds
    let share = x / source.timeAxis.upper
    let side = share < 0.2 ? "left" : share > 0.8 ? "right" : "center"
    script.add(
      "set label '\(times) × target' at \(x), \(worst.durationSeconds) \(side) offset 0,0.9 "
        + "textcolor rgb '\(GnuplotScript.Colour.vermilion.rawValue)' font ',13'")
  }

  private func alternative(_ run: RunTimeline) -> String {
    let collapsed = run.chunks.count(where: \.isCollapsed)
    let count = collapsed == 0 ? "none collapsed" : "\(collapsed) collapsed"
    return "Chunk durations of \(run.scheduler) over virtual time, on a logarithmic axis: "
      + "\(Self.figures(run)); \(count)."
  }

  static func caption(_ run: RunTimeline) -> String {
    let which = run.replication > 1 ? " (replication \(run.replication))" : ""
    return "\(run.scheduler)\(which): \(figures(run))"
  }

  static func figures(_ run: RunTimeline) -> String {
    let longest = run.longest?.durationSeconds ?? 0
    let times = run.targetSeconds.map { " (\(DurationText.significant(longest / $0)) × target)" }
    let count = run.chunks.count == 1 ? "1 chunk" : "\(run.chunks.count) chunks"
    return "\(count), the longest \(DurationText.text(longest))\(times ?? "")"
  }

  private static func explanation(target: Double?, _ source: ChartSource) -> String {
    var sentences = ["Every bar is a chunk, from its start to its end; the axis is logarithmic."]
    if let target {
      sentences.append(
        "The line across is the target of \(DurationText.text(target)); a thick bar is a chunk "
          + "that took more than twice what no scheduler can avoid: it collapsed.")
    }
    if source.scenario.load != LoadSettings() { sentences.append("Shaded: the machine is slow.") }
    if source.runs.contains(where: { !source.shifts($0).isEmpty }) {
      sentences.append("A vertical line is where other items begin.")
    }
    if source.runs.contains(where: { $0.chunks.count > 1500 }) {
      sentences.append("Of very many chunks only some are drawn, but every collapsed one.")
    }
    return sentences.joined(separator: " ")
  }
}
