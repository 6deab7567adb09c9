internal import Syncer

extension Comparison {
  /// Who won, by which rule and by how much, and what it costs, in a few sentences.
  public var verdict: String {
    let ranking = ranking
    guard let best = ranking.first else { return "Nothing to compare." }
    let figure = DurationText.significant
    let wastes =
      "\(best.scheduler) wastes \(figure(best.waste.mean)) times what the best chunks do"
    let cost =
      "The worst chunk of \(best.scheduler) takes \(figure(best.worst)) times its floor. "
      + price(of: best)
    let next = ranking.dropFirst().first
    guard let next else { return "\(wastes) (waste_vs_optimal). \(cost)" }
    let nextFigure = "\(next.scheduler) with \(figure(next.waste.mean))"
    if replications == 1 && isRandom {
      return "Least waste_vs_optimal: \(wastes), next is \(nextFigure). One replication does not "
        + "tell chance from difference; --replications does. \(cost)"
    }
    let equals = equals.map(\.scheduler)
    let percent = (Self.relevance * 100).shortestText
    let certainty =
      isRandom ? "" : "Nothing in this scenario is random, so that one replication says all. "
    if equals.isEmpty {
      let margin =
        isRandom
        ? "less and with a 95 % interval of the difference, seed by seed, that excludes every other"
        : "less than every other"
      return
        "Winner: \(best.scheduler), by the least waste_vs_optimal, more than \(percent) % \(margin): it "
        + "wastes \(figure(best.waste.mean)) times what the best chunks do, next is \(nextFigure). "
        + certainty + cost
    }
    let doubt = isRandom ? ", or its 95 % interval, seed by seed, includes zero" : ""
    return
      "No relevant difference between \(Self.list([best.scheduler] + equals)): \(wastes), and the "
      + "difference in waste_vs_optimal is at most \(percent) %\(doubt). " + certainty + cost
  }

  /// What the time of a scheduler is against that of the fastest, in a sentence.
  private func price(of line: Line) -> String {
    if let items = unequalItems {
      return "They did not do the same work, \(items.lowerBound) to \(items.upperBound) items, so "
        + "that makespans do not compare."
    }
    let fastest = lines.filter { !$0.isBound }.min { $0.makespan < $1.makespan }
    guard let fastest, fastest.makespan > 0, line.makespan.isFinite else { return "" }
    let more = (line.makespan / fastest.makespan - 1) * 100
    // Less than shows in a figure is no price.
    if more < 0.05 {
      return "The price of \(line.scheduler) in time: none, nobody is faster."
    }
    return
      "The price of \(line.scheduler) in time: \(DurationText.significant(more)) % more than the fastest, "
      + "\(fastest.scheduler)."
  }

  private static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
