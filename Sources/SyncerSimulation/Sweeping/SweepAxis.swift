internal import Foundation

/// A key of a scenario and the values it takes in turn.
public struct SweepAxis: Sendable, Equatable {
  /// The path of the key, such as `sync.chunkTime` or `schedulers.deadline.overrun`.
  public let path: String
  /// The values as they were written, at least one, each once.
  public let texts: [String]

  /// Reads `KEY=V1,V2,...`.
  ///
  /// - Throws: `ScenarioError` where it is none of that.
  public init(_ text: String) throws(ScenarioError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    func wrong(_ rule: String) -> ScenarioError {
      ScenarioError(
        file: "--vary \"\(text)\"", rule: rule,
        remedy: "write a key and its values, as in sync.chunkTime=1s,5s,20s")
    }
    guard parts.count == 2 else { throw wrong("has no '=' between key and values") }
    path = String(parts[0])
    texts = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if KeyPathStep.steps(path) == nil { throw wrong("names no key") }
    if texts.contains("") { throw wrong("has an empty value") }
    if Set(texts).count < texts.count { throw wrong("has a value twice") }
  }

  /// A value as JSON: a number, true, false, null, or a text.
  static func value(_ text: String) -> JSONValue {
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default: break
    }
    if let whole = UInt64(text) { return .whole(whole) }
    if let number = Double(text), number.isFinite { return .number(number) }
    return .string(text)
  }
}

/// A step on the way to a value in a JSON document.
enum KeyPathStep: Equatable {
  case key(String)
  case index(Int)

  /// The steps of a path such as `workload.phases[0].count`; nil for what is no path.
  static func steps(_ path: String) -> [KeyPathStep]? {
    var steps: [KeyPathStep] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      if pieces[0].isEmpty { return nil }
      steps.append(.key(String(pieces[0])))
      for piece in pieces.dropFirst() {
        guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else {
          return nil
        }
        steps.append(.index(index))
      }
    }
    return steps.isEmpty ? nil : steps
  }
}

extension JSONValue {
  /// Lists the schedulers that run where a scenario lists none, so that a path can lead to one.
  mutating func nameSchedulers(of steps: [KeyPathStep]) {
    let list = "schedulers"
    guard case .object(var fields) = self, fields[list] == nil, steps.count > 2,
      steps[0] == .key(list), case .key(let name) = steps[1]
    else { return }
    let kinds = SchedulerSettings.compared.map(\.kind)
    fields[list] = .array((kinds.contains(name) ? kinds : kinds + [name]).map(JSONValue.string))
    self = .object(fields)
  }

  /// Puts a value at the end of a path; objects on the way are made where there are none.
  ///
  /// In a list of schedulers a key names the one of that kind or label.
  ///
  /// - Returns: whether the path leads anywhere.
  mutating func set(_ steps: ArraySlice<KeyPathStep>, to value: JSONValue) -> Bool {
    guard let step = steps.first else {
      self = value
      return true
    }
    let rest = steps.dropFirst()
    switch (self, step) {
    case (.object(var fields), .key(let key)):
      var field = fields[key] ?? .object([:])
      if case .null = field { field = .object([:]) }
      guard field.set(rest, to: value) else { return false }
      fields[key] = field
      self = .object(fields)
    case (.array(var values), .index(let index)):
      guard values.indices.contains(index), values[index].set(rest, to: value) else {
        return false
      }
      self = .array(values)
    case (.array(var values), .key(let name)):
      guard let index = values.firstIndex(where: { $0.isScheduler(name) }),
        values[index].setParameter(rest, to: value)
      else { return false }
      self = .array(values)
    default: return false
    }
    return true
  }

  /// Whether this is an entry of `schedulers` of that kind or label.
  private func isScheduler(_ name: String) -> Bool {
    switch self {
    case .string(let kind): kind == name
    case .object(let fields): fields["label"] == .string(name) || fields[name] != nil
    default: false
    }
  }

  /// Sets a parameter of a scheduler, whose label stays what it was.
  private mutating func setParameter(
    _ steps: ArraySlice<KeyPathStep>, to value: JSONValue
  ) -> Bool {
    if case .string(let kind) = self {
      self = .object([kind: .object([:]), "label": .string(kind)])
    }
    guard case .object(var fields) = self, let kind = fields.keys.first(where: { $0 != "label" }),
      var parameters = fields[kind], !steps.isEmpty, parameters.set(steps, to: value)
    else { return false }
    fields[kind] = parameters
    self = .object(fields)
    return true
  }
}
