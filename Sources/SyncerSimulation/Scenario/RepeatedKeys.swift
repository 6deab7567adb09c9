internal import Foundation

/// Finds keys that an object of a JSON document has twice: the parser keeps one of them silently.
struct RepeatedKeys {
  private let bytes: [UInt8]
  private var position = 0
  /// The objects and lists that are open, from the outermost.
  private var open: [Container] = []

  private struct Container {
    let isObject: Bool
    var keys: Set<String> = []
    /// The key last read, or the index of the current element.
    var place = ""
    var index = 0
    var expectsKey: Bool
  }

  /// The path of the first repeated key of a document that is JSON; nil where there is none.
  static func first(in json: [UInt8]) -> String? {
    var search = RepeatedKeys(bytes: json)
    return search.run()
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func run() -> String? {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "{"): open.append(Container(isObject: true, expectsKey: true))
      case UInt8(ascii: "["): open.append(Container(isObject: false, expectsKey: false))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
      case UInt8(ascii: ","): nextElement()
      case UInt8(ascii: "\""):
        let text = string()
        if let key = text.flatMap({ key in add(key) }) { return key }
      default: break
      }
      position += 1
    }
    return nil
  }

  private mutating func nextElement() {
    guard let last = open.indices.last else { return }
    open[last].index += 1
    open[last].expectsKey = open[last].isObject
  }

  /// Goes to the closing quote; returns the text where it is a key.
  private mutating func string() -> String? {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard let container = open.last, container.expectsKey, position < bytes.count else {
      return nil
    }
    let literal = bytes[start...position]
    if !literal.contains(UInt8(ascii: "\\")) {
      return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
    }
    // An escape may spell a letter: the parser that read the document knows.
    do {
      return try JSONDecoder().decode(String.self, from: Data(literal))
    } catch {
      return nil
    }
  }

  /// Notes a key of the innermost object; returns its path where it is known already.
  private mutating func add(_ key: String) -> String? {
    guard let last = open.indices.last else { return nil }
    open[last].expectsKey = false
    open[last].place = key
    if open[last].keys.insert(key).inserted { return nil }
    return open.reduce(into: "") { path, container in
      if container.isObject {
        path += (path.isEmpty ? "" : ".") + container.place
      } else {
        path += "[\(container.index)]"
      }
    }
  }
}
