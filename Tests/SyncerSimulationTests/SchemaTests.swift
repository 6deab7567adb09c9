import Foundation
import SyncerSimulation
import Testing

/// The schema that editors use says what the decoder does.
@Suite struct SchemaTests {
  private let schema: JSONSchema

  init() throws {
    schema = try JSONSchema(Data(Self.bytes(of: "scenario.schema.json")))
  }

  private static func bytes(of name: String) throws -> Data {
    try Data(contentsOf: repository.appending(path: "Scenarios/\(name)"))
  }

  @Test("every shipped scenario fits the schema", arguments: try ShippedScenarioTests.names)
  func shipped(name: String) throws {
    #expect(try schema.violations(Self.bytes(of: "\(name).json")) == [])
  }

  @Test("the schema's gate has every metric, with what it means, and nothing else")
  func gateKeys() throws {
    let keys = schema.definition("gate").members["properties"]?.members ?? [:]
    #expect(keys.keys.sorted() == Metric.allCases.map(\.rawValue).sorted())
    for metric in Metric.allCases {
      let key = keys[metric.rawValue]?.members
      #expect(key?["description"]?.text == metric.meaning, "\(metric.rawValue)")
      #expect(key?["$ref"]?.text == "#/$defs/bounds", "\(metric.rawValue)")
    }
  }

  @Test("the schema knows every scheduler, and every parameter of each")
  func schedulers() throws {
    let variants = schema.definition("scheduler").members["anyOf"]?.elements ?? []
    let names = try #require(variants.first?.members["enum"]).elements.compactMap(\.text)
    let objects = try #require(variants.last?.members["properties"]).members
    for kind in SchedulerKind.all {
      #expect(names.contains(kind.name), "\(kind.name)")
      let own = try #require(objects[kind.name]?.members, "\(kind.name)")
      // Rivals share a definition of numbers by name.
      if own["$ref"]?.text == "#/$defs/parameters" { continue }
      let parameters = own["properties"]?.members ?? [:]
      #expect(
        parameters.keys.sorted() == kind.parameters.map(\.name).sorted(), "\(kind.name)")
    }
  }

  @Test(
    "what does not fit is found",
    arguments: [
      (#"{"name":"x","gate":{"wast":{"atMost":1}}}"#, "$.gate.wast is not known"),
      (#"{"name":"a b"}"#, "$.name breaks pattern"),
      (#"{"name":"x","gate":{"waste":{"atMost":"1"}}}"#, "$.gate breaks anyOf"),
    ])
  func misfits(text: String, wanted: String) throws {
    let violations = try schema.violations(Data(text.utf8))
    #expect(violations.contains(wanted), "\(violations)")
  }
}
