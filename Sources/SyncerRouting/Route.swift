public import Syncer

/// What is done with events of one kind: a pattern and a callback.
public struct Route<Event: Hashable & Sendable>: Sendable {
  let matches: @Sendable (Event) -> Bool
  let callback: @Sendable (Event) async throws -> Void

  /// Makes a route for the events that a closure picks.
  public init(
    where matches: @escaping @Sendable (Event) -> Bool,
    _ callback: @escaping @Sendable (Event) async throws -> Void
  ) {
    self.matches = matches
    self.callback = callback
  }

  /// Makes a route for the events whose text, such as a path or a topic, matches a pattern.
  public init(
    _ glob: Glob, of text: @escaping @Sendable (Event) -> String,
    _ callback: @escaping @Sendable (Event) async throws -> Void
  ) {
    self.init(where: { glob.matches(text($0)) }, callback)
  }
}

extension Route where Event == String {
  /// Makes a route for the texts that match a pattern.
  public init(_ glob: Glob, _ callback: @escaping @Sendable (Event) async throws -> Void) {
    self.init(glob, of: { $0 }, callback)
  }
}
