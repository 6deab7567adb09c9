internal import SafeOutput
internal import Syncer
public import SyncerSimulation

extension RunResult {
  /// What a collapse means, in a sentence.
  ///
  /// - Parameter isOneOfSeveral: Whether the sentence says which replication it is.
  /// - Returns: the sentence; nil where there was no collapse.
  public func collapseSentence(isOneOfSeveral: Bool = false) -> String? {
    guard let chunk = worstChunk, let ratio = chunk.ratioToFloor, ratio > 2,
      let target = chunk.record.target
    else { return nil }
    let duration = DurationText.text(chunk.durationSeconds)
    let times = DurationText.significant(chunk.durationSeconds / target.inSeconds)
    let kept =
      ratio >= 3
      ? "; a failure in it loses \(Int(min(ratio, 1e15)) - 1) more chunks than it should" : ""
    let which = isOneOfSeveral ? ", replication \(replication)," : ""
    return
      "\(scheduler.visible)\(which) collapsed: chunk \(chunk.record.number) of \(chunk.record.size.counted("item")) took "
      + "\(duration), \(times) times its target\(kept)."
  }
}

extension RunResult {
  /// How many workers were idle, in a sentence; nil where there is one, or most were at work.
  public var idleSentence: String? {
    guard let workers = worstChunk?.workers, workers > 1, let share = metrics[.utilisation],
      share < 0.8
    else { return nil }
    let idle = DurationText.significant(Double(workers) * (1 - share))
    return
      "\(scheduler.visible), replication \(replication): \(idle) of \(workers) workers were idle on average "
      + "while chunks were processed."
  }

  /// What several processes came to, in a sentence; nil where there is one.
  public var fleetSentence: String? {
    guard let share = metrics[.parallelEfficiency], let open = metrics[.uncommitted],
      let takeovers = metrics[.takeovers]
    else { return nil }
    return
      "\(scheduler.visible), replication \(replication): \(DurationText.significant(100 * share)) % of the "
      + "processes' time is in finished chunks, \(DurationText.text(open)) of work are uncommitted at a "
      + "random moment; \(Int(takeovers)) ranges were taken over."
  }

  /// What went wrong and what it cost, in a sentence; nil where nothing was meant to.
  public var faultSentence: String? {
    guard let failed = metrics[.failedItems], let left = metrics[.unfinishedItems],
      let restarts = metrics[.restarts], let lost = metrics[.lost]
    else { return nil }
    return
      "\(scheduler.visible), replication \(replication): \(Int(failed).counted("item")) failed and left out, "
      + "\(Int(left)) not reached; \(Int(restarts).counted("restart")) and "
      + "\(DurationText.text(lost)) of work lost."
  }

  /// How many items a sync that ended early left, in a sentence; nil where none.
  public var unfinishedSentence: String? {
    guard metrics[.failedItems] == nil, let left = metrics[.unfinishedItems], left > 0 else {
      return nil
    }
    return
      "\(scheduler.visible), replication \(replication): \(Int(left).counted("item")) not reached in time."
  }

  /// How long completion is expected to take under failures, in a sentence; nil where nobody asked.
  public var completionSentence: String? {
    metrics[.expectedCompletion].map {
      "\(scheduler.visible), replication \(replication): with failures, completion is expected after "
        + "\(DurationText.text($0))."
    }
  }
}
