internal import Syncer

/// What decides the rows of a sweep, as a hash: the scenario, what it reads, what is varied, the
/// options, and the version of the program.
///
/// Files count by what is in them, not by where they are: a sweep may be moved, and its shards may run
/// on other machines.
struct SweepDigest {
  private var hash = StableHash()

  init(
    _ document: JSONValue, _ axes: [SweepAxis], _ scenarios: [Scenario]
  ) throws(ScenarioError) {
    hash.add("co3sim \(PackageVersion.text)")
    // What a scenario says of itself, and what it is held against, decide no row.
    add(document, without: ["$schema", "summary", "gate"])
    for axis in axes {
      hash.add(axis.path)
      for text in axis.texts { hash.add(text) }
    }
    var files: Set<String> = []
    for scenario in scenarios {
      hash.add("\(scenario.seed) \(scenario.replications) \(scenario.schedulers.count)")
      for scheduler in scenario.schedulers {
        hash.add(scheduler.label)
        hash.add(scheduler.kind)
        for (name, value) in scheduler.parameters.sorted(by: { $0.key < $1.key }) {
          hash.add(name)
          hash.add(value.bitPattern)
        }
      }
      for path in scenario.files.paths.dropFirst() where files.insert(path).inserted {
        try FileContents.read(path, remedy: "correct the path") { block throws(ScenarioError) in
          block.withUnsafeBytes { hash.add($0) }
        }
      }
    }
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func add(_ value: JSONValue, without keys: Set<String> = []) {
    switch value {
    case .null, .bool: hash.add(value.kind)
    case .number(let number): hash.add(number.bitPattern)
    case .whole(let number): hash.add(number)
    case .string(let text): hash.add("\"\(text)")
    case .array(let values):
      hash.add("[\(values.count)")
      for value in values { add(value) }
    case .object(let fields):
      let own = fields.filter { !keys.contains($0.key) }
      hash.add("{\(own.count)")
      for (key, value) in own.sorted(by: { $0.key < $1.key }) {
        hash.add(key)
        add(value)
      }
    }
  }
}
