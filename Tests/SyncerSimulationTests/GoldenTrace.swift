import Foundation

/// A recorded run of a peer: the figures beside it in `Golden`, a CSV and a JSON file.
struct GoldenTrace: Sendable {
  /// A chunk of the run.
  struct Row: Sendable, Equatable {
    var step: Int
    var size: Int
    var durationSeconds: Double
    var nextSize: Int
  }

  /// The name of the files, without their endings.
  var name: String
  var peer: String
  var `case`: String
  var model: String
  var totalItems: Int
  var targetSeconds: Double?
  var initialSize: Int?
  var chunkCap: Int?
  var itemLimit: Int?
  var rows: [Row]
  /// All of the JSON file.
  var parameters: GoldenValue

  /// The names of all traces there are, sorted.
  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".csv") }
      .map { String($0.dropLast(".csv".count)) }
      .sorted()
  }

  /// Reads the two files of a trace.
  init(_ name: String) throws {
    self.name = name
    parameters = try GoldenValue(file: name)
    peer = try parameters.text("peer")
    `case` = try parameters.text("case")
    model = try parameters.text("model")
    totalItems = Int(try parameters.number("total_items"))
    targetSeconds = parameters["target_s"]?.number
    initialSize = parameters["initial_size"]?.whole
    chunkCap = parameters["chunk_cap"]?.whole
    itemLimit = parameters["item_limit"]?.whole
    let csv = try String(contentsOf: Self.folder.appending(path: "\(name).csv"), encoding: .utf8)
    let lines = csv.split(whereSeparator: \.isNewline)
    guard lines.first == "step,size,duration_s,next_size" else {
      throw GoldenError(text: "\(name).csv does not start with the columns of a trace.")
    }
    rows = try lines.dropFirst().map { try Self.row($0, of: name) }
  }

  static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  }

  private static func row(_ line: Substring, of name: String) throws -> Row {
    let fields = line.split(separator: ",")
    guard fields.count == 4, let step = Int(fields[0]), let size = Int(fields[1]),
      let duration = Double(fields[2]), let next = Int(fields[3])
    else { throw GoldenError(text: "\(name).csv has a line that is no row: \"\(line)\".") }
    return Row(step: step, size: size, durationSeconds: duration, nextSize: next)
  }
}

/// A JSON value of the recorded figures; true and false read as 1 and 0.
enum GoldenValue: Sendable, Equatable {
  case null
  case number(Double)
  case text(String)
  case list([GoldenValue])
  case object([String: GoldenValue])

  /// Reads a JSON file of the folder; `file` is its name without the ending.
  init(file: String) throws {
    let data = try Data(contentsOf: GoldenTrace.folder.appending(path: "\(file).json"))
    self = try Self.value(JSONSerialization.jsonObject(with: data), file)
  }

  private static func value(_ any: Any, _ file: String) throws -> GoldenValue {
    switch any {
    case is NSNull: .null
    case let text as String: .text(text)
    case let number as NSNumber: .number(number.doubleValue)
    case let list as [Any]: .list(try list.map { try value($0, file) })
    case let object as [String: Any]: .object(try object.mapValues { try value($0, file) })
    default: throw GoldenError(text: "\(file).json has a value that is no JSON: \(any).")
    }
  }

  /// The field of an object; nil where there is none.
  subscript(field: String) -> GoldenValue? {
    if case .object(let fields) = self { fields[field] } else { nil }
  }

  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  var whole: Int? { number.flatMap { Int(exactly: $0) } }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The elements of a list; none of anything else.
  var elements: [GoldenValue] {
    if case .list(let elements) = self { elements } else { [] }
  }

  /// The numbers of a list, without what is no number.
  var numbers: [Double] { elements.compactMap(\.number) }

  func number(_ field: String) throws -> Double {
    guard let number = self[field]?.number else { throw missing("number", field) }
    return number
  }

  func whole(_ field: String) throws -> Int {
    guard let whole = self[field]?.whole else { throw missing("whole number", field) }
    return whole
  }

  func text(_ field: String) throws -> String {
    guard let text = self[field]?.text else { throw missing("text", field) }
    return text
  }

  /// The elements of a list that has some.
  func elements(_ field: String) throws -> [GoldenValue] {
    guard let elements = self[field]?.elements, !elements.isEmpty else {
      throw missing("filled list", field)
    }
    return elements
  }

  private func missing(_ kind: String, _ field: String) -> GoldenError {
    GoldenError(text: "The recorded figures have no \(kind) \"\(field)\" in \(self).")
  }
}

/// What is wrong with a file of recorded figures.
struct GoldenError: Error, CustomStringConvertible {
  var text: String
  var description: String { text }
}
