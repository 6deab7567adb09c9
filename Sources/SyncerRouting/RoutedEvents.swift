internal import Syncer
internal import Synchronization

/// An event that a router is done with.
public struct RoutedEvent<Event: Hashable & Sendable>: Sendable {
  /// How it ended.
  public enum Outcome: Sendable {
    /// Every matching callback returned.
    case succeeded
    /// A callback threw; the first error.
    case failed(any Error)
    /// It was not begun, or its callback gave up when it was cancelled.
    case cancelled
    /// No route matches it.
    case unmatched
  }

  /// The event.
  public var event: Event
  /// Its index in what was submitted.
  public var position: Int
  /// How it ended.
  public var outcome: Outcome
  /// The time its callbacks took, without its time in the queue.
  public var duration: Duration

  /// What stands in the way of calling it done; nil where it succeeded.
  public var error: (any Error)? {
    switch outcome {
    case .succeeded: nil
    case .failed(let error): error
    case .cancelled: CancellationError()
    case .unmatched: UnmatchedEvent(event: "\(event)")
    }
  }
}

/// No route of a router matches an event.
public struct UnmatchedEvent: Error, Equatable, CustomStringConvertible {
  /// The event as text.
  public var event: String

  public var description: String {
    "No route matches the event \(event); add a route for it, or do not submit it."
  }
}

/// The outcomes of submitted events, one each, in the order in which the events are done.
///
/// The sequence can be iterated once. Cancelling the task that iterates does not end it: every
/// event has an outcome, and the router decides which. Not reading on does not stop the events.
public struct RoutedEvents<Event: Hashable & Sendable>: AsyncSequence, Sendable {
  public typealias Element = RoutedEvent<Event>
  public typealias Failure = Never

  let outlet: Outlet<Event>

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(outlet: outlet) }

  /// Waits for the next event to be done.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let outlet: Outlet<Event>

    public mutating func next() async -> RoutedEvent<Event>? { await outlet.next() }
  }
}

/// Where the workers of a router put the outcomes of one submission.
final class Outlet<Event: Hashable & Sendable>: Sendable {
  typealias Reader = CheckedContinuation<RoutedEvent<Event>?, Never>

  private struct State {
    var done = FIFO<RoutedEvent<Event>>()
    /// The events without an outcome.
    var openCount: Int
    var reader: Reader?
  }

  private let state: Mutex<State>

  init(eventCount: Int) {
    state = Mutex(State(openCount: eventCount))
  }

  func put(_ event: RoutedEvent<Event>) {
    let reader = state.withLock { state -> Reader? in
      precondition(state.openCount > 0, "The event \(event.event) has two outcomes.")
      state.openCount -= 1
      if state.reader == nil { state.done.append(event) }
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume(returning: event)
  }

  func next() async -> RoutedEvent<Event>? {
    await withCheckedContinuation { reader in
      let answer = state.withLock { state -> RoutedEvent<Event>?? in
        if let event = state.done.popFirst() { return event }
        if state.openCount == 0 { return .some(nil) }
        precondition(state.reader == nil, "Outcomes are read by one task at a time.")
        state.reader = reader
        return nil
      }
      if let answer { reader.resume(returning: answer) }
    }
  }
}
