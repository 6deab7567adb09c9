internal import SafeOutput

/// What is wrong with a scenario: a line that names the file, the key, the rule and the remedy.
public struct ScenarioError: Error, Equatable, CustomStringConvertible {
  /// The file, as it was named.
  public var file: String
  /// The path of the key, such as `workload.phases[0].count`; empty for the file as a whole.
  public var keyPath: String
  /// The rule that is broken, as the rest of a sentence about the key.
  public var rule: String
  /// What to do about it.
  public var remedy: String
  /// What else is wrong with the file.
  public package(set) var others: [ScenarioError] = []

  /// Makes an error.
  public init(file: String, keyPath: String = "", rule: String, remedy: String) {
    self.file = file
    self.keyPath = keyPath
    self.rule = rule
    self.remedy = remedy
  }

  /// The whole sentence, in one line whatever the file holds; the others in lines of their own.
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
