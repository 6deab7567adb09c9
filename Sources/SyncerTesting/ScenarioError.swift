internal import SafeOutput

/// An error in a scenario, with the file, the key, the rule and the remedy.
public struct ScenarioError: Error, Equatable, CustomStringConvertible {
  /// The file, as named by the user.
  public var file: String
  /// The path of the key, such as `workload.phases[0].count`; empty for the file as a whole.
  public var keyPath: String
  /// The broken rule, as the rest of a sentence about the key.
  public var rule: String
  /// The remedy.
  public var remedy: String
  /// Further errors in the same file.
  public package(set) var others: [ScenarioError] = []

  /// Creates an error.
  public init(file: String, keyPath: String = "", rule: String, remedy: String) {
    self.file = file
    self.keyPath = keyPath
    self.rule = rule
    self.remedy = remedy
  }

  /// The error in one line, whatever the file contains; further errors in lines of their own.
  public var description: String {
    let place = keyPath.isEmpty ? file : "\(file): \(keyPath)"
    let lines = ["\(place) \(rule); \(remedy).".visible] + others.map(\.description)
    return lines.joined(separator: "\n")
  }
}

/// The name nearest to a misspelt one, by edits, if it is near enough to be meant.
package func nearestName(to name: String, in names: [String]) -> String? {
  let ranked = names.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }
  guard let best = ranked.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return nil }
  return best.1 <= max(2, name.count / 2) ? best.0 : nil
}

/// The fewest insertions, deletions and replacements that turn one text into the other
/// (Levenshtein).
private func editDistance(_ first: String, _ second: String) -> Int {
  let columns = Array(second)
  var previous = Array(0...columns.count)
  for (row, character) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in columns.enumerated() {
      current.append(
        min(
          previous[column + 1] + 1, current[column] + 1,
          previous[column] + (character == other ? 0 : 1)))
    }
    previous = current
  }
  return previous[columns.count]
}
