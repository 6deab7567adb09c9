internal import Syncer

/// A duration longer than zero on a command line, as in `250ms`, `2s` or `1h`.
public struct DurationArgument: Sendable, CustomStringConvertible {
  /// How long it is.
  public let duration: Duration
  /// The text it was read from.
  public let description: String

  /// Makes one of whole seconds, for a default.
  public init(seconds: Int) {
    duration = .seconds(seconds)
    description = "\(seconds)s"
  }

  /// Reads a number and a unit.
  ///
  /// - Throws: `ArgumentError` for a text that is no duration, or none longer than zero.
  public init(_ text: String) throws(ArgumentError) {
    let rule: String
    switch DurationText.seconds(text) {
    case .success(let seconds) where seconds >= 1e-9:
      duration = .seconds(seconds)
      description = text
      return
    case .success: rule = "is not longer than zero"
    case .failure(let problem): rule = problem.rule
    }
    throw ArgumentError(
      description: "\"\(text)\" \(rule); write a number and a unit, such as \"250ms\", \"5s\", "
        + "\"2m\" or \"1h\".")
  }
}
