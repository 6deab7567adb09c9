internal import Syncer

/// A JSON document as it stands in the file.
enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  /// A whole number from 0 to 2^64 - 1, exactly: a `Double` would lose a large seed.
  case whole(UInt64)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// What the value is, in words for an error message.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): "the number \(value.shortestText)"
    case .whole(let value): "the number \(value)"
    case .string(let value): "the text \"\(value)\""
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension JSONValue {
  /// Reads a document.
  ///
  /// - Throws: `ScenarioError` for what is no JSON or too large.
  init(document: [UInt8], file: String) throws(ScenarioError) {
    if document.count > FileContents.documentLimit {
      throw ScenarioError(
        file: file, rule: "is larger than \(FileContents.documentLimit) bytes",
        remedy: "keep recordings in files of their own")
    }
    self = try JSONReader.value(document, file: file)
  }
}
