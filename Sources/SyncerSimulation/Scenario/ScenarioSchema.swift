/// The JSON Schema of scenarios, of the table of their keys.
public enum ScenarioSchema {
  /// The schema, as `Scenarios/scenario.schema.json` has it.
  public static var json: String {
    var definitions = Definitions()
    let root = definitions.schema(of: .scenario)
    guard case .object(let members) = root else { return "" }
    return SchemaText.object(
      [
        ("$schema", "https://json-schema.org/draft/2020-12/schema"),
        ("title", "co3sim scenario"),
      ] + members + [("$defs", .object(definitions.sorted))]
    ).lines() + "\n"
  }

  /// The definitions that a schema refers to, each written once.
  private struct Definitions {
    private var known: [String: SchemaText] = [:]

    /// The definitions by name.
    var sorted: [(String, SchemaText)] { known.sorted { $0.key < $1.key } }

    mutating func schema(of group: KeyGroup) -> SchemaText {
      var members: [(String, SchemaText)] = [
        ("description", .text(group.meaning)), ("type", "object"), ("additionalProperties", false),
        (
          "properties",
          .object(
            (group.isCommented ? [(KeyGroup.comment, Self.comment)] : [])
              + group.keys.map { key in
                (key.name, property(key, isChoice: group.exactlyOne.contains(key.name)))
              })
        ),
      ]
      let required = group.keys.filter { $0.fallback == nil }.map { SchemaText.text($0.name) }
      if !required.isEmpty { members.append(("required", .list(required))) }
      if !group.alternatives.isEmpty {
        members.append(("anyOf", .list(group.alternatives.map(Self.schema))))
      }
      if !group.exactlyOne.isEmpty {
        members.append(
          ("oneOf", .list(group.exactlyOne.map { ["required": [.text($0)]] })))
      }
      return .object(members)
    }

    private static let comment: SchemaText = [
      "description": "A note for readers; not read", "type": "string",
    ]

    /// What is left out may also be null.
    private mutating func property(_ key: ScenarioKey, isChoice: Bool) -> SchemaText {
      let type = schema(of: key.type)
      let fallback = key.fallback.flatMap { $0.isEmpty ? nil : "; when left out: \($0)" } ?? ""
      let own: SchemaText =
        key.fallback == nil || isChoice ? type : ["anyOf": [type, ["type": "null"]]]
      return own.adding("description", .text("\(key.meaning)\(fallback)".replacing("`", with: "")))
    }

    /// A name stands for what is there and is not null.
    private static func schema(_ alternative: KeyGroup.Alternative) -> SchemaText {
      let has = alternative.has.map { ($0, ["not": ["type": "null"]] as SchemaText) }
      let lacks = alternative.lacks.map { ($0, ["type": "null"] as SchemaText) }
      return [
        "required": .list(alternative.has.map { .text($0) }),
        "properties": .object(has + lacks),
      ]
    }

    private mutating func reference(_ name: String, _ schema: SchemaText) -> SchemaText {
      known[name] = schema
      return ["$ref": .text("#/$defs/\(name)")]
    }

    private mutating func schema(of type: KeyType) -> SchemaText {
      switch type {
      case .text: return ["type": "string"]
      case .pattern(let pattern, _): return ["type": "string", "pattern": .text(pattern)]
      case .path:
        return reference(
          "path",
          [
            "description": "A file, relative to the folder of the scenario; decompressed if *.gz.",
            "type": "string",
          ])
      case .name(let names): return ["enum": .list(names.map { .text($0) })]
      case .number(let rule): return .object([("type", "number")] + rule.limits)
      case .whole(let range):
        return [
          "type": "integer", "minimum": .literal("\(range.lowerBound)"),
          "maximum": .literal("\(range.upperBound)"),
        ]
      case .duration: return reference("duration", Self.duration(isPositive: false))
      case .positiveDuration:
        return reference("positiveDuration", Self.duration(isPositive: true))
      case .timeOfDay: return reference("timeOfDay", Self.timeOfDay)
      case .moment: return ["anyOf": [schema(of: .duration), schema(of: .timeOfDay)]]
      case .object(let group):
        let name = group.name
        if known[name] == nil {
          known[name] = ""  // Its own parts may refer to it.
          known[name] = schema(of: group)
        }
        return ["$ref": .text("#/$defs/\(name)")]
      case .reference(let name): return ["$ref": .text("#/$defs/\(name)")]
      case .list(let element, let least):
        let items: [(String, SchemaText)] = [("type", "array"), ("items", schema(of: element))]
        return .object(items + (least > 0 ? [("minItems", .literal("\(least)"))] : []))
      case .either(let types): return ["anyOf": .list(types.map { schema(of: $0) })]
      case .orNull(let type): return ["anyOf": [schema(of: type), ["type": "null"]]]
      }
    }

    private static let timeOfDay: SchemaText = [
      "description": "A time of day; the first one at or after sync.startAt.",
      "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
      "examples": ["01:00", "22:30:15"],
    ]

    private static func duration(isPositive: Bool) -> SchemaText {
      let sign = isPositive ? "(?=[+.0-9]*[1-9])" : ""
      let number = "[+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
      return [
        "description": .text(
          "A number and a unit, without a space, \(isPositive ? "above zero" : "zero or more") and at "
            + "most 100 years."),
        "type": "string",
        "pattern": .text("^\(sign)\(number)(ns|us|µs|ms|s|m|min|h|d)$"),
        "examples": ["250ms", "5s", "2m", "1h"],
      ]
    }
  }
}
