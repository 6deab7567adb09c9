/// The tasks that sleep on a virtual clock, by deadline and then by who slept first.
struct Sleepers {
  typealias Continuation = CheckedContinuation<Void, any Error>

  private struct Alarm: Comparable {
    let deadline: Int64
    let ticket: Int

    static func < (left: Alarm, right: Alarm) -> Bool {
      (left.deadline, left.ticket) < (right.deadline, right.ticket)
    }
  }

  /// Alarms of cancelled sleepers stay in the heap until they come up or outnumber the others.
  private var alarms = Heap<Alarm>()
  private var continuations: [Int: Continuation] = [:]
  private var ticketCount = 0

  var count: Int { continuations.count }

  mutating func issueTicket() -> Int {
    ticketCount += 1
    return ticketCount
  }

  mutating func add(_ ticket: Int, until deadline: Int64, _ continuation: Continuation) {
    continuations[ticket] = continuation
    alarms.insert(Alarm(deadline: deadline, ticket: ticket))
  }

  /// Takes a sleeper out before its time; nil where it is not asleep any more.
  mutating func remove(_ ticket: Int) -> Continuation? {
    let continuation = continuations.removeValue(forKey: ticket)
    if alarms.count > 2 * continuations.count + 64 {
      alarms.removeAll { continuations[$0.ticket] == nil }
    }
    return continuation
  }

  /// The earliest deadline.
  mutating func nextDeadline() -> Int64? {
    while let alarm = alarms.min {
      if continuations[alarm.ticket] != nil { return alarm.deadline }
      _ = alarms.popMin()
    }
    return nil
  }

  /// Takes the sleeper with the earliest deadline.
  mutating func popNext() -> Continuation? {
    while let alarm = alarms.popMin() {
      if let continuation = continuations.removeValue(forKey: alarm.ticket) { return continuation }
    }
    return nil
  }
}
