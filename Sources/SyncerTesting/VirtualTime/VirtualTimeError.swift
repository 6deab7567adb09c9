internal import Syncer

/// The error of a run on virtual time that cannot be repeated or cannot end.
public struct VirtualTimeError: Error, Equatable, CustomStringConvertible {
  /// The kind of error.
  public enum Kind: Sendable, Equatable {
    /// No task can run, none sleeps on the clock, and the body has not ended.
    case deadlock(waited: Duration)
    /// Work ran on another executor.
    case escaped(EscapedWork)
    /// The body ended while tasks it had started slept on the clock.
    case leftBehind
    /// The next task would have woken after the limit of the run.
    case limit(Duration)
    /// Many jobs in a row ran without the clock advancing, as in an endless loop.
    case standstill(jobs: Int)
  }

  /// The kind of error.
  public var kind: Kind
  /// The time on the clock, since the start.
  public var time: Duration
  /// The number of tasks that slept on the clock.
  public var sleeperCount: Int
  /// The labels of the work in progress, in the order it began.
  public var labels: [String]

  init(_ kind: Kind, executor: VirtualTimeExecutor, _ clock: VirtualClock) {
    self.kind = kind
    time = .nanoseconds(clock.now.nanoseconds)
    sleeperCount = executor.sleeperCount
    labels = executor.labels
  }

  public var description: String {
    let waiting =
      labels.isEmpty
      ? "" : " Under way: \(labels.map { "\"\($0)\"" }.joined(separator: ", "))."
    return "At \(DurationText.text(time.inSeconds)) of virtual time \(event);"
      + " \(sleeperCount) tasks sleep on the clock.\(waiting) \(remedy)"
  }

  private var event: String {
    switch kind {
    case .deadlock(let waited):
      "nothing can run and the body has not ended, and in "
        + "\(DurationText.text(waited.inSeconds)) of real time nobody came back from elsewhere"
    case .escaped(.job): "a task was resumed from another thread"
    case .escaped(.sleep): "a task on another executor slept on the clock"
    case .escaped(.advance): "work on another executor moved the clock"
    case .leftBehind: "the body ended and left tasks behind"
    case .limit(let limit):
      "all that is left sleeps past the run's limit of \(DurationText.text(limit.inSeconds))"
    case .standstill(let jobs): "\(jobs) jobs ran without the clock moving"
    }
  }

  private var remedy: String {
    switch kind {
    case .deadlock:
      "A continuation is never resumed, a stream never finished or two tasks wait for each other; "
        + "or the work waited for is on another executor (\(Self.elsewhere)). Name what waits with "
        + "clock.labelled(_:_:) to see it here."
    case .escaped:
      "Its order depends on the machine. Work leaves virtual time through \(Self.elsewhere); use a "
        + "task group, async let or Task(executorPreference: clock.executor), and clock.sleep."
    case .leftBehind: "Await or cancel every task the body starts."
    case .limit: "Something waits in a loop for what never happens, or the limit is too low."
    case .standstill: "Something spins, on Task.yield() for instance; sleep on the clock instead."
    }
  }

  private static let elsewhere =
    "Task { }, Task.detached, sleeping on another clock, the main actor"
}
