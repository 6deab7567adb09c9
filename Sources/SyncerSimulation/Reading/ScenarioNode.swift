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

  /// Notes a mistake, and goes on with a value that is none.
  func noted<Value>(_ error: ScenarioError, _ value: Value) throws(ScenarioError) -> Value {
    try reading.note(error)
    return value
  }

  private func wrongType(_ wanted: String, _ example: String) -> ScenarioError {
    error("must be \(wanted), but it is \(value.kind)", "write \(example)")
  }

  /// The object, whose keys must all be known.
  func object(_ group: KeyGroup) throws(ScenarioError) -> ScenarioObject {
    let known = group.names
    var object = try anyObject(example: "{ \"\(known.first ?? "key")\": ... }")
    if group.isCommented, let note = object.optional(KeyGroup.comment) {
      _ = try note.text()
      object.fields[KeyGroup.comment] = nil
    }
    for key in object.keys where !known.contains(key) {
      let meant = nearestName(to: key, in: known)
      let remedy =
        meant.map { "did you mean \"\($0)\"? Known keys here: " }
        ?? "remove it. Known keys here: "
      try reading.note(
        object.node(key).error(
          "is not a known key", remedy + known.sorted().joined(separator: ", ")),
        about: meant.map { object.node($0).path })
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

  /// What the elements of a list say; those with mistakes are left out.
  func list<Value>(
    of read: (ScenarioNode) throws(ScenarioError) -> Value
  ) throws(ScenarioError) -> [Value] {
    var values: [Value] = []
    for node in try list() {
      let value = try reading.attempt(nil) { () throws(ScenarioError) -> Value? in
        try read(node)
      }
      if let value { values.append(value) }
    }
    return values
  }

  /// The same of a list that has elements.
  func nonEmptyList<Value>(
    of read: (ScenarioNode) throws(ScenarioError) -> Value
  ) throws(ScenarioError) -> [Value] {
    _ = try nonEmptyList()
    return try list(of: read)
  }

  func nonEmptyList() throws(ScenarioError) -> [ScenarioNode] {
    let nodes = try list()
    if nodes.isEmpty { throw error("must not be empty", "list at least one") }
    return nodes
  }

  func text() throws(ScenarioError) -> String {
    if case .string(let text) = value { return text }
    return try noted(wrongType("a text", "it in double quotes"), "")
  }

  /// A text that is one of the names given.
  func name(of names: [String]) throws(ScenarioError) -> String {
    let text = try text()
    if names.contains(text) { return text }
    let guess = nearestName(to: text, in: names).map { "did you mean \"\($0)\"? Known: " }
    return try noted(
      error(
        "is \"\(text)\", which is none of the names known here",
        (guess ?? "choose \(names.count == 1 ? "" : "one of: ")")
          + names.sorted().joined(separator: ", ")),
      names.first ?? "")
  }

  func number() throws(ScenarioError) -> Double {
    switch value {
    case .number(let number): return number
    case .whole(let number): return Double(number)
    default: return try noted(wrongType("a number", "a number such as 0.5"), 1)
    }
  }

  func number(_ rule: NumberRule) throws(ScenarioError) -> Double {
    let number = try number()
    if rule.allows(number) { return number }
    return try noted(
      error("must be \(rule.words), but it is \(number.shortestText)", "choose such a number"), 1)
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
    return try noted(wrongType(words, "such a number, without quotes"), range.lowerBound)
  }

  func seed() throws(ScenarioError) -> UInt64 {
    if case .whole(let seed) = value { return seed }
    return try noted(
      wrongType("a whole number from 0 to 2^64 - 1", "such a number, without quotes"), 1)
  }

  /// A duration in seconds, not negative.
  func duration() throws(ScenarioError) -> Double {
    guard case .string(let text) = value else {
      return try noted(
        wrongType("a duration", "a text with a unit, such as \"250ms\", \"5s\", \"2m\" or \"1h\""),
        1)
    }
    switch DurationText.seconds(text) {
    case .success(let seconds): return seconds
    case .failure(let problem):
      return try noted(
        error(
          "must be a duration, but \"\(text)\" \(problem.rule)",
          "write a number and a unit, such as \"250ms\", \"5s\", \"2m\" or \"1h\""), 1)
    }
  }

  func positiveDuration() throws(ScenarioError) -> Double {
    let seconds = try duration()
    if seconds > 0 { return seconds }
    return try noted(error("must be longer than zero", "choose a longer duration"), 1)
  }
}

/// Which numbers a key accepts.
struct NumberRule: Sendable {
  let words: String
  /// The rule in the words of JSON Schema.
  let limits: [(String, SchemaText)]
  let allows: @Sendable (Double) -> Bool

  private init(
    words: String, _ limits: [(String, SchemaText)], allows: @escaping @Sendable (Double) -> Bool
  ) {
    (self.words, self.limits, self.allows) = (words, limits, allows)
  }

  /// Numbers of a range.
  init(in range: ClosedRange<Double>) {
    let (least, most) = (range.lowerBound, range.upperBound)
    self.init(
      words: "from \(least.shortestText) to \(most.shortestText)",
      [("minimum", .number(least)), ("maximum", .number(most))]
    ) { range.contains($0) }
  }

  static let any = NumberRule(words: "", []) { _ in true }
  static let positive = NumberRule(words: "above zero", [("exclusiveMinimum", .number(0))]) {
    $0 > 0 && $0.isFinite
  }
  /// A coefficient of variation: beyond 1000 a distribution is nothing but its tail.
  static let variation = NumberRule(in: 0...1000)
  static let probability = NumberRule(in: 0...1)
  static let notNegative = NumberRule(words: "zero or more", [("minimum", .number(0))]) {
    $0 >= 0 && $0.isFinite
  }
}

/// The fields of a JSON object in a scenario.
struct ScenarioObject {
  fileprivate(set) var fields: [String: JSONValue]
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
    let field = node(key)
    if optional(key) == nil {
      try node.reading.note(field.error("is missing", "add the key \"\(key)\""))
    }
    return field
  }

  /// What the field says; `fallback` where it is left out, and where there is a mistake in it.
  func optional<Value>(
    _ key: String, else fallback: Value,
    _ read: (ScenarioNode) throws(ScenarioError) -> Value
  ) throws(ScenarioError) -> Value {
    guard let field = optional(key) else { return fallback }
    return try node.reading.attempt(fallback) { () throws(ScenarioError) in try read(field) }
  }

  /// What the field says, which must be there; `fallback` where there is a mistake in it.
  func required<Value>(
    _ key: String, else fallback: Value,
    _ read: (ScenarioNode) throws(ScenarioError) -> Value
  ) throws(ScenarioError) -> Value {
    let field = try required(key)
    return try node.reading.attempt(fallback) { () throws(ScenarioError) in try read(field) }
  }

  /// The field, or nil where it is left out or null.
  func optional(_ key: String) -> ScenarioNode? {
    guard let value = fields[key], value != .null else { return nil }
    return node(key)
  }
}
