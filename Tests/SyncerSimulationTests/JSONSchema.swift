import Foundation

/// A JSON document.
enum JSONDocument: Decodable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSONDocument])
  case object([String: JSONDocument])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONDocument].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONDocument].self))
    }
  }

  /// The members of an object; none of anything else.
  var members: [String: JSONDocument] {
    if case .object(let members) = self { members } else { [:] }
  }

  /// The elements of a list; none of anything else.
  var elements: [JSONDocument] {
    if case .list(let elements) = self { elements } else { [] }
  }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// The names that JSON Schema has for what it is.
  var types: [String] {
    switch self {
    case .null: ["null"]
    case .boolean: ["boolean"]
    case .number(let number): number == number.rounded() ? ["number", "integer"] : ["number"]
    case .text: ["string"]
    case .list: ["array"]
    case .object: ["object"]
    }
  }
}

/// As much of JSON Schema 2020-12 as Scenarios/scenario.schema.json uses; any other keyword is a
/// violation, so that none is thought to hold that nobody checks.
struct JSONSchema {
  let root: JSONDocument

  init(_ data: Data) throws {
    root = try JSONDecoder().decode(JSONDocument.self, from: data)
  }

  /// A definition of the schema.
  func definition(_ name: String) -> JSONDocument {
    root.members["$defs"]?.members[name] ?? .null
  }

  /// What a document breaks, each a sentence that begins with the place.
  func violations(_ data: Data) throws -> [String] {
    violations(try JSONDecoder().decode(JSONDocument.self, from: data), root, "$")
  }

  private func violations(
    _ value: JSONDocument, _ schema: JSONDocument, _ place: String
  ) -> [String] {
    if schema == .boolean(false) { return ["\(place) is not known"] }
    return schema.members.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      violations(value, keyword, rule, schema, place)
    }
  }

  private func violations(
    _ value: JSONDocument, _ keyword: String, _ rule: JSONDocument, _ schema: JSONDocument,
    _ place: String
  ) -> [String] {
    let members = value.members.sorted { $0.key < $1.key }
    switch keyword {
    case "$schema", "$defs", "$id", "title", "description", "examples", "default": return []
    case "$ref":
      let name = rule.text?.split(separator: "/").last.map { String($0) } ?? ""
      return violations(value, definition(name), place)
    case "items":
      return value.elements.enumerated().flatMap { violations($1, rule, "\(place)[\($0)]") }
    case "properties":
      return members.flatMap { key, own in
        rule.members[key].map { violations(own, $0, "\(place).\(key)") } ?? []
      }
    case "additionalProperties":
      let known = schema.members["properties"]?.members ?? [:]
      return members.filter { known[$0.key] == nil }.flatMap { key, own in
        violations(own, rule, "\(place).\(key)")
      }
    case "not":
      return violations(value, rule, place).isEmpty ? ["\(place) breaks not"] : []
    case "anyOf", "oneOf":
      let tries = rule.elements.map { violations(value, $0, place) }
      let fitting = tries.count(where: \.isEmpty)
      if fitting == 1 || (fitting > 1 && keyword == "anyOf") { return [] }
      return ["\(place) breaks \(keyword)"] + (tries.min { $0.count < $1.count } ?? [])
    default:
      guard let holds = Self.holds(keyword, rule, value) else {
        return ["\(place): the keyword \(keyword) is not known to this test"]
      }
      return holds ? [] : ["\(place) breaks \(keyword)"]
    }
  }

  /// Whether a rule without parts holds; nil for one that is not known.
  private static func holds(
    _ keyword: String, _ rule: JSONDocument, _ value: JSONDocument
  ) -> Bool? {
    let limit = rule.number ?? 0
    func isObject(_ count: (Int) -> Bool) -> Bool {
      if case .object(let members) = value { count(members.count) } else { true }
    }
    switch keyword {
    case "type":
      let names = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
      return value.types.contains { names.contains($0) }
    case "enum": return rule.elements.contains(value)
    case "const": return rule == value
    case "minimum": return value.number.map { $0 >= limit } ?? true
    case "maximum": return value.number.map { $0 <= limit } ?? true
    case "exclusiveMinimum": return value.number.map { $0 > limit } ?? true
    case "minItems":
      if case .list(let elements) = value { return Double(elements.count) >= limit }
      return true
    case "minProperties": return isObject { Double($0) >= limit }
    case "maxProperties": return isObject { Double($0) <= limit }
    case "required":
      let names = rule.elements.compactMap(\.text)
      return isObject { _ in names.allSatisfy { value.members[$0] != nil } }
    case "pattern":
      guard let text = value.text, let pattern = rule.text else { return true }
      return text.range(of: pattern, options: .regularExpression) != nil
    default: return nil
    }
  }
}
