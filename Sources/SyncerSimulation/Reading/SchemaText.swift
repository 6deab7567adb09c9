internal import Syncer

/// A JSON document that is written, with its members in their order.
indirect enum SchemaText: Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral
{
  case text(String)
  /// A number or another literal, as it is written.
  case literal(String)
  case list([SchemaText])
  case object([(String, SchemaText)])

  init(stringLiteral text: String) { self = .text(text) }
  init(booleanLiteral value: Bool) { self = .literal("\(value)") }
  init(arrayLiteral elements: SchemaText...) { self = .list(elements) }
  init(dictionaryLiteral members: (String, SchemaText)...) { self = .object(members) }

  /// A number, whole where it is.
  static func number(_ value: Double) -> SchemaText { .literal(String(value.shortestText)) }

  /// The object with another member before all others.
  func adding(_ name: String, _ value: SchemaText) -> SchemaText {
    if case .object(let members) = self { .object([(name, value)] + members) } else { self }
  }

  /// The document; what fits stands in one line.
  func lines(indent: String = "", width: Int = 110) -> String {
    let short = oneLine
    if indent.count + short.count <= width { return short }
    let inner = indent + "  "
    switch self {
    case .text, .literal: return short
    case .list(let elements):
      let parts = elements.map { inner + $0.lines(indent: inner, width: width) }
      return "[\n" + parts.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      let parts = members.map { name, value in
        "\(inner)\(Self.quoted(name)): \(value.lines(indent: inner, width: width))"
      }
      return "{\n" + parts.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private var oneLine: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .literal(let literal): literal
    case .list(let elements): "[\(elements.map(\.oneLine).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.0)): \($0.1.oneLine)" }.joined(separator: ", "))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
