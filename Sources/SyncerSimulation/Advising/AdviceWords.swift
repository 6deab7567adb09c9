internal import Syncer

extension Advice {
  /// What to take and why, how sure that is, and what would change it; under failures also what
  /// Young's estimate says.
  public var sentences: [String] {
    ([why, howSure, whatWouldChangeIt, librarySentence, youngSentence, leftOutSentence] as [String?])
      .compactMap { $0 }
  }

  /// What the advice does not look at.
  private var leftOutSentence: String? {
    if leftOut.isEmpty { return nil }
    let keys = leftOut.joined(separator: " and ")
    return
      "Whole syncs were compared, without \(keys): what ends a sync early is no matter of chunk times."
  }

  private static func percent(_ share: Double) -> String {
    "\(DurationText.significant(abs(share) * 100)) %"
  }

  /// The gain of a line over the reference, with its interval.
  private func gain(_ line: Line) -> String {
    let base = lines[reference].value.mean
    let margin = halfWidth(of: line.difference).map { " ± \(Self.percent($0 / base))" } ?? ""
    let less = line.difference.mean <= 0 ? "less" : "more"
    let share = "\(Self.percent(line.difference.mean / base))\(margin) \(less)"
    if case .waste = measure { return "wastes \(share)" }
    return "completes in \(share) time"
  }

  /// Half the width of an interval; nil where what was judged differs by rounding alone.
  package func halfWidth(of sample: SampleStatistics) -> Double? {
    sample.halfWidth.flatMap { $0 > 1e-9 * lines[reference].value.mean ? $0 : nil }
  }

  private var why: String {
    let text = DurationText.text
    let (line, given) = (lines[advised], lines[reference])
    let source = origin.map { " (none was given; it is \($0))" } ?? ""
    guard isChange else {
      let words = bestOfOthers.map {
        "; the best of the others, \($0.label) at \(text($0.chunkSeconds)), \(gain($0))"
      }
      return
        "Take \(given.label) and a chunk time of \(text(given.chunkSeconds))\(source): nothing "
        + "that was tried is surely better by more than \((relevance * 100).shortestText) %\(words ?? "")."
    }
    return "Take \(line.label) and a chunk time of \(text(line.chunkSeconds)): it "
      + "\(gain(line)) than \(given.label) at \(text(given.chunkSeconds))\(source)\(held)."
  }

  /// The best line that is not the reference.
  private var bestOfOthers: Line? {
    lines.enumerated().filter { $0.offset != reference }.map(\.element)
      .min { $0.value.mean < $1.value.mean }
  }

  /// What was named that an application cannot have, and the best that it can.
  private var librarySentence: String? {
    let named = [lines[advised]] + (isChange ? [] : [bestOfOthers].compactMap { $0 })
    guard let foreign = named.first(where: { !$0.isInLibrary }) else { return nil }
    let own = lines.enumerated().filter { $0.element.isInLibrary }
      .min { $0.element.value.mean < $1.element.value.mean }
    let instead = own.map { place, line in
      "; the best of the library's own is \(line.label) at \(DurationText.text(line.chunkSeconds))"
        + (place == reference ? "" : ", which \(gain(line))")
    }
    return "\(foreign.label) is a rule of the simulator, and not in the library\(instead ?? "")."
  }

  private var held: String {
    guard case .waste(let target) = measure else { return "" }
    return ", both held against a target of \(DurationText.text(target))"
  }

  private var howSure: String {
    let range = goodRange.map {
      "; any chunk time from \(DurationText.text($0.lowerBound)) to "
        + "\(DurationText.text($0.upperBound)) is as good within 1 %"
    }
    if scenario.isRandom {
      return
        "That rests on \(replications) replications\(whyMore) that the search did not see, and ± is the "
        + "95 % interval of the difference, seed by seed\(range ?? "")."
    }
    if replications == 1 {
      return "That rests on \(listed) with too few chunks to tell chance from difference"
        + "\(range ?? "")."
    }
    let interval =
      lines.contains { halfWidth(of: $0.difference) != nil }
      ? "and ± is the 95 % interval of the difference, place by place" : "which made no difference"
    return
      "That rests on \(listed), begun at \(replications) places of it, \(interval): other items of the "
      + "kind may differ more\(range ?? "")."
  }

  /// What the items are, where they are not drawn.
  private var listed: String {
    if case .trace = scenario.workload.source { return "one recording" }
    return "one list of items, of which nothing is random"
  }

  /// Why there are more replications than the scenario has; empty where there are not.
  private var whyMore: String {
    guard replications > scenario.replications else { return "" }
    let given = scenario.replications > 1 ? ", where \(scenario.replications) were given" : ""
    return " (at least \(Advisor.leastReplications) are taken\(given))"
  }

  private var whatWouldChangeIt: String {
    switch measure {
    case .completion:
      if lines[advised].mean(\.overheadPerChunk) == 0 {
        return
          "A chunk costs nothing besides its items here; --overhead says what it does cost, and "
          + "makes longer chunks right."
      }
      return "Failures four times as rare, or a chunk that costs four times as much besides its "
        + "items, make about twice the chunk time right."
    case .waste:
      let overhead = lines[advised].mean(\.overheadPerChunk)
      let cost =
        overhead > 0
        ? "A chunk costs \(DurationText.text(overhead)) besides its items, which is "
          + "\(Self.percent(lines[advised].mean(\.overheadShare))) of the time"
        : "A chunk costs nothing besides its items here, which --overhead changes"
      return
        "\(cost); how often the process fails decides whether longer or shorter chunks pay, and "
        + "--failures-every says so."
    }
  }

  /// The chunk times around the advised one that are as good within 1 %, where there are several.
  package var goodRange: ClosedRange<Double>? {
    let line = lines[advised]
    guard let curve = curves.first(where: { $0.candidate.name == line.name }) else { return nil }
    let points = curve.points.sorted { $0.chunkSeconds < $1.chunkSeconds }
    guard let place = points.firstIndex(where: { $0.chunkSeconds == line.chunkSeconds }) else {
      return nil
    }
    let limit = points[place].value * 1.01
    var (low, high) = (place, place)
    while low > 0, points[low - 1].value <= limit { low -= 1 }
    while high < points.count - 1, points[high + 1].value <= limit { high += 1 }
    return low < high ? points[low].chunkSeconds...points[high].chunkSeconds : nil
  }

  /// sqrt(2 o M) for the mean overhead of a chunk, in seconds; nil without failures or overhead.
  package var youngSeconds: Double? {
    guard case .completion(let completion) = measure else { return nil }
    let overhead = lines[advised].mean(\.overheadPerChunk)
    return overhead > 0 ? completion.bestChunkSeconds(overheadSeconds: overhead) : nil
  }

  private var youngSentence: String? {
    guard case .completion(let completion) = measure else { return nil }
    guard let young = youngSeconds else {
      return
        "Young's estimate, sqrt(2 x overhead x time between failures), is zero without a cost per "
        + "chunk: the shorter the safer."
    }
    let text = DurationText.text
    let line = lines[advised]
    let overhead = line.mean(\.overheadPerChunk)
    let own = "Young's estimate, sqrt(2 x overhead x time between failures), is \(text(young))"
    let ratio = max(line.chunkSeconds / young, young / line.chunkSeconds)
    if ratio < 1.25 { return own + ", which agrees." }
    if goodRange?.contains(young) ?? false {
      return own + ", which is as good: around the best the curve is flat."
    }
    let cost = line.mean(\.costPerChunk)
    let busy = line.utilisation ?? 1
    if scenario.workload.workers > 1, cost > 1.5 * overhead {
      return own + ": it knows only the overhead of \(text(overhead)), but the workers are idle "
        + "\(Self.percent(1 - busy)) of the time, mostly while chunks end, so that a chunk costs "
        + "\(text(cost)) besides its work; of that the estimate would be "
        + "\(text(completion.bestChunkSeconds(overheadSeconds: cost)))."
    }
    if young > workSeconds {
      return own + ", and all the work takes only \(text(workSeconds))."
    }
    if line.chunkSeconds > young, itemSeconds > young / 2 {
      return own
        + ", but an item takes \(text(itemSeconds)) on average: chunks cannot be that short."
    }
    return own + ": it knows neither that the scheduler has to learn, nor that chunks differ in "
      + "length around their chunk time."
  }
}
