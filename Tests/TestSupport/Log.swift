/// What happened, in the order it happened.
package actor Log {
  /// What was added.
  package private(set) var lines: [String] = []

  /// Makes an empty log.
  package init() {}

  /// Adds a line.
  package func add(_ line: String) { lines.append(line) }
}

/// What fails on purpose.
package struct Broken: Error, Equatable {
  /// What did.
  package var what: String

  /// Makes an error.
  package init(what: String) { self.what = what }
}
