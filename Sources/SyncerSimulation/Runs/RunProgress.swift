internal import Synchronization

/// How far an experiment has come, for whoever wants to show it meanwhile.
public final class RunProgress: Sendable {
  /// What is known at a moment.
  public struct Moment: Sendable, Equatable {
    /// What is running, in words.
    public var label = ""
    /// Items simulated so far, in all runs.
    public var items = 0
    /// Items of all runs; 0 while nothing has been drawn.
    public var expectedItems = 0
  }

  private let state = Mutex(Moment())

  /// Makes a progress that has not begun.
  public init() {}

  /// How far it is now.
  public var moment: Moment { state.withLock { $0 } }

  func begin(_ label: String) {
    state.withLock { $0.label = label }
  }

  func expect(_ items: Int) {
    state.withLock { $0.expectedItems = items }
  }

  func add(_ items: Int) {
    state.withLock { $0.items += items }
  }
}
