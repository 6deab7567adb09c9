internal import Syncer

/// A value of a scenario file with the path to it, for reading strictly.
struct ScenarioNode {
  let value: JSONValue
  let path: String
  let file: String
  let reading: ScenarioReading

  func error(_ rule: String, _ remedy: String) -> ScenarioError {
    ScenarioError(file: file, keyPath: path, rule: rule, remedy: remedy)
  }

  private func wrongType(_ wanted: String, _ example: String) -> ScenarioError {
    error("must be \(wanted), but it is \(value.kind)", "write \(example)")
  }

  /// The object, whose keys must all be known.
  func object(_ known: [String]) throws(ScenarioError) -> ScenarioObject {
    let object = try anyObject(example: "{ \"\(known.first ?? "key")\": ... }")
    for key in object.keys where !known.contains(key) {
      let remedy =
        nearestName(to: key, in: known).map { "did you mean \"\($0)\"? Known keys here: " }
        ?? "remove it. Known keys here: "
      throw object.node(key).error(
        "is not a known key", remedy + known.sorted().joined(separator: ", "))
    }
    return object
  }

  /// The object, whatever its keys.
  func anyObject(example: String) throws(ScenarioError) -> ScenarioObject {
    guard case .object(let fields) = value else { throw wrongType("an object", example) }
    return ScenarioObject(fields: fields, node: self)
  }

  func list() throws(ScenarioError) -> [ScenarioNode] {
    guard case .array(let values) = value else { throw wrongType("a list", "[ ... ]") }
    return values.enumerated().map {
      ScenarioNode(
        value: $0.element, path: "\(path)[\($0.offset)]", file: file, reading: reading)
    }
  }

  func nonEmptyList() throws(ScenarioError) -> [ScenarioNode] {
    let nodes = try list()
    if nodes.isEmpty { throw error("must not be empty", "list at least one") }
    return nodes
  }

  func text() throws(ScenarioError) -> String {
    guard case .string(let text) = value else { throw wrongType("a text", "it in double quotes") }
    return text
  }

  /// A text that is one of the names given.
  func name(of names: [String]) throws(ScenarioError) -> String {
    let text = try text()
    if names.contains(text) { return text }
    let guess = nearestName(to: text, in: names).map { "did you mean \"\($0)\"? Known: " }
    throw error(
      "has no meaning for \"\(text)\"",
      (guess ?? "choose one of: ") + names.sorted().joined(separator: ", "))
  }

  func number() throws(ScenarioError) -> Double {
    switch value {
    case .number(let number): return number
    case .whole(let number): return Double(number)
    default: throw wrongType("a number", "a number such as 0.5")
    }
  }

  func number(_ rule: NumberRule) throws(ScenarioError) -> Double {
    let number = try number()
    if rule.allows(number) { return number }
    throw error("must be \(rule.words), but it is \(number)", "choose such a number")
  }

  func whole(_ range: ClosedRange<Int>) throws(ScenarioError) -> Int {
    let words = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch value {
    case .whole(let number):
      if let whole = Int(exactly: number), range.contains(whole) { return whole }
    case .number(let number):
      if let whole = Int(exactly: number), range.contains(whole) { return whole }
    default: break
    }
    throw wrongType(words, "such a number, without quotes")
  }

  func seed() throws(ScenarioError) -> UInt64 {
    guard case .whole(let seed) = value else {
      throw wrongType("a whole number from 0 to 2^64 - 1", "such a number, without quotes")
    }
    return seed
  }

  /// A duration in seconds, not negative.
  func duration() throws(ScenarioError) -> Double {
    guard case .string(let text) = value else {
      throw wrongType(
        "a duration", "a text with a unit, such as \"250ms\", \"5s\", \"2m\" or \"1h\"")
    }
    switch DurationText.seconds(text) {
    case .success(let seconds): return seconds
    case .failure(let problem):
      throw error(
        "must be a duration, but \"\(text)\" \(problem.rule)",
        "write a number and a unit, such as \"250ms\", \"5s\", \"2m\" or \"1h\"")
    }
  }

  func positiveDuration() throws(ScenarioError) -> Double {
    let seconds = try duration()
    if seconds > 0 { return seconds }
    throw error("must be longer than zero", "choose a longer duration")
  }
}

/// Which numbers a key accepts.
struct NumberRule {
  let words: String
  let allows: @Sendable (Double) -> Bool

  static let positive = NumberRule(words: "above zero") { $0 > 0 && $0.isFinite }
  /// A coefficient of variation: beyond 1000 a distribution is nothing but its tail.
  static let variation = NumberRule(words: "from 0 to 1000") { $0 >= 0 && $0 <= 1000 }
  static let probability = NumberRule(words: "from 0 to 1") { $0 >= 0 && $0 <= 1 }
  static let notNegative = NumberRule(words: "zero or more") { $0 >= 0 && $0.isFinite }
}

/// The fields of a JSON object in a scenario.
struct ScenarioObject {
  let fields: [String: JSONValue]
  let node: ScenarioNode

  /// The keys, sorted: the file's own order is not kept by the parser.
  var keys: [String] { fields.keys.sorted() }

  func node(_ key: String) -> ScenarioNode {
    ScenarioNode(
      value: fields[key] ?? .null, path: node.path.isEmpty ? key : "\(node.path).\(key)",
      file: node.file, reading: node.reading)
  }

  /// The field, which must be there.
  func required(_ key: String) throws(ScenarioError) -> ScenarioNode {
    guard let field = optional(key) else {
      throw node(key).error("is missing", "add the key \"\(key)\"")
    }
    return field
  }

  /// The field, or nil where it is left out or null.
  func optional(_ key: String) -> ScenarioNode? {
    guard let value = fields[key], value != .null else { return nil }
    return node(key)
  }
}
