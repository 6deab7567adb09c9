extension ScenarioSchema {
  /// The groups that have a table of their own in Scenarios/README.md.
  static let groups: [KeyGroup] = [
    .scenario, .sync, .workload, .phase, .hint, .trace, .load, .faults, .bound,
  ]

  /// The names of the tables.
  public static var tables: [String] { groups.map(\.name) + ["schedulers"] }

  /// The keys of a group as a markdown table, those of objects in it included.
  ///
  /// - Parameter name: One of `tables`.
  /// - Returns: the table; nil for another name.
  public static func markdown(_ name: String) -> String? {
    if name == "schedulers" { return schedulers }
    guard let group = groups.first(where: { $0.name == name }) else { return nil }
    return table(["Key", "Type", "Unit", "Default", "Meaning"], rows(group, prefix: ""))
  }

  private static func rows(_ group: KeyGroup, prefix: String) -> [[String]] {
    group.keys.flatMap { key in
      let own = [
        "`\(prefix)\(key.name)`", key.type.words, key.unit, key.fallback ?? "required", key.meaning,
      ]
      return [own]
        + key.type.inlined.flatMap { group, suffix in
          rows(group, prefix: "\(prefix)\(key.name)\(suffix).")
        }
    }
  }

  private static var schedulers: String {
    let rows = SchedulerKind.all.map { kind in
      let parameters = kind.parameters.map { parameter in
        "`\(parameter.name)`" + (parameter.standard.map { " (\(parameter.text($0)))" } ?? "")
      }
      return [
        "`\(kind.name)`", parameters.isEmpty ? "none" : parameters.joined(separator: ", "),
        kind.summary + (kind.alias.map { "; `\($0)` is its old name" } ?? ""),
      ]
    }
    return table(["Name", "Parameters (defaults)", "Meaning"], rows)
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }
}

extension KeyType {
  /// The groups in it that have no table of their own, and what stands behind the key's name.
  fileprivate var inlined: [(group: KeyGroup, suffix: String)] {
    switch self {
    case .object(let group):
      let others = ["mixedClass", "distribution", "scheduler", "gate"]
      let isElsewhere = others.contains(group.name)
      return isElsewhere || ScenarioSchema.tables.contains(group.name) ? [] : [(group, "")]
    case .list(let element, _): return element.inlined.map { ($0.group, "[]" + $0.suffix) }
    case .either(let types): return types.flatMap(\.inlined)
    default: return []
    }
  }

  /// What the key may hold, in words.
  fileprivate var words: String {
    switch self {
    case .text, .path: "text"
    case .pattern(_, let words): words
    case .name(let names): names.map { "`\"\($0)\"`" }.joined(separator: " or ")
    case .number(let rule): "number " + rule.words
    case .whole(let range):
      range.upperBound >= UInt64(Int.max)
        ? "whole number from \(range.lowerBound)"
        : "whole number from \(range.lowerBound) to \(range.upperBound)"
    case .duration: "duration"
    case .positiveDuration: "duration above zero"
    case .timeOfDay: "time of day"
    case .moment: "duration or time of day"
    case .object(let group): group.name == "distribution" ? "distribution" : "object"
    case .reference: "object"
    case .list: "list"
    case .either(let types):
      types.map(\.words).reduce(into: [String]()) { words, next in
        if !words.contains(next) { words.append(next) }
      }.joined(separator: " or ")
    case .orNull(let type): type.words + " or null"
    }
  }
}
