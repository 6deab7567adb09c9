import Foundation
import SyncerSimulation
import Testing

/// Schema, documents and decoder are of one table.
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

  @Test("the schema that is shipped is the one of the table of keys")
  func current() throws {
    let shipped = try String(decoding: Self.bytes(of: "scenario.schema.json"), as: UTF8.self)
    #expect(shipped == ScenarioSchema.json, "run: make readme")
  }

  @Test("the tables of keys in the README are those of the table", arguments: ScenarioSchema.tables)
  func tables(name: String) throws {
    let readme = try String(decoding: Self.bytes(of: "README.md"), as: UTF8.self)
    let table = try #require(ScenarioSchema.markdown(name))
    #expect(
      readme.contains("<!-- \(name):begin -->\n\(table)<!-- \(name):end -->"), "run: make readme")
  }

  @Test("the schema's gate has every metric, with what it means, and nothing else")
  func gateKeys() throws {
    let keys = schema.definition("gate").members["properties"]?.members ?? [:]
    #expect(keys.keys.sorted() == Metric.allCases.map(\.rawValue).sorted())
    for metric in Metric.allCases {
      let text = keys[metric.rawValue]?.members["description"]?.text
      #expect(text?.hasPrefix(metric.meaning) == true, "\(metric.rawValue)")
    }
  }

  @Test(
    "the schema knows every scheduler, and every parameter of each", arguments: SchedulerKind.all)
  func schedulers(kind: SchedulerKind) throws {
    let known = schema.definition("scheduler").members["properties"]?.members ?? [:]
    #expect(known[kind.name] != nil)
    let parameters =
      schema.definition("parameters-\(kind.name)").members["properties"]?.members ?? [:]
    #expect(parameters.keys.sorted() == kind.parameters.map(\.name).sorted())
  }

  @Test(
    "what does not fit is found",
    arguments: [
      (#"{"name":"x","gate":{"wast":{"atMost":1}}}"#, "$.gate.wast is not known"),
      (#"{"name":"a b"}"#, "$.name breaks pattern"),
      (#"{"name":"x","gate":{"waste":{"atMost":"1"}}}"#, "$.gate breaks anyOf"),
      (#"{"name":"x","sync":{"chunkTime":"5"}}"#, "$.sync.chunkTime breaks anyOf"),
      (#"{"name":"x","sync":{"chunkTime":"5s","order":"sorted"}}"#, "$.sync.order breaks anyOf"),
      (#"{"name":"x","workload":{"phases":null,"trace":null}}"#, "$.workload breaks anyOf"),
      (#"{"name":"x","schedulers":[{"fixed":{},"deadline":{}}]}"#, "$.schedulers breaks anyOf"),
    ])
  func misfits(text: String, wanted: String) throws {
    let violations = try schema.violations(Data(text.utf8))
    #expect(violations.contains(wanted), "\(violations)")
  }
}
