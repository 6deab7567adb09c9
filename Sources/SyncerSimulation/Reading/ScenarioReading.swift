/// What is noted while a scenario is read: its files, and its mistakes, so that all are told at once.
///
/// A mistake of one value is noted where it is, and reading goes on with a value that is none. What
/// is thrown is a mistake of several values together, which counts where each of them is right.
final class ScenarioReading {
  /// The files that the scenario names.
  var files: [String] = []
  private var errors: [ScenarioError] = []
  /// Keys of which enough was said.
  private var told: [String] = []

  /// When the sync starts, in seconds since midnight; nil where the scenario does not say.
  var startOfDay: Double?

  /// How many mistakes are told.
  static let limit = 20

  /// Notes a mistake, unless one was noted of the same value or of what it is in.
  ///
  /// - Parameters:
  ///   - error: The mistake.
  ///   - other: Another key of which this says enough.
  /// - Throws: all mistakes, where they are as many as are told.
  func note(_ error: ScenarioError, about other: String? = nil) throws(ScenarioError) {
    let path = error.keyPath
    let isTold = told.contains {
      path == $0 || path.hasPrefix($0 + ".") || path.hasPrefix($0 + "[")
    }
    if isTold { return }
    errors.append(error)
    told += [path] + (other.map { [$0] } ?? [])
    if errors.count == Self.limit { try finish() }
  }

  /// What a part of the scenario says; something else where there is a mistake in it.
  func attempt<Value>(
    _ fallback: Value, _ read: () throws(ScenarioError) -> Value
  ) throws(ScenarioError) -> Value {
    let before = errors.count
    do throws(ScenarioError) {
      return try read()
    } catch {
      if errors.count == Self.limit { throw error }
      if errors.count == before { try note(error) }
      return fallback
    }
  }

  /// Whether nothing is wrong so far.
  var isRight: Bool { errors.isEmpty }

  /// Throws the mistakes there are, the first with the others.
  func finish() throws(ScenarioError) {
    guard var first = errors.first else { return }
    first.others = Array(errors.dropFirst())
    throw first
  }
}
