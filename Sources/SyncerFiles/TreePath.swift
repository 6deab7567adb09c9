/// The path of an entry below the root of its tree, as the bytes the file system has.
///
/// Bytes and not text: on most systems a name need not be UTF-8, and two names that read the same
/// may differ in how their letters are composed. `String` would take such names for one.
public struct TreePath: Hashable, Comparable, Sendable {
  /// The bytes, without a slash at either end; empty for the root itself.
  public let bytes: [UInt8]

  /// Makes a path of bytes.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Makes a path of text, in UTF-8.
  public init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  /// The path as text; nil where it is not UTF-8.
  public var text: String? { String(validating: bytes, as: UTF8.self) }

  /// The last component.
  public var name: ArraySlice<UInt8> {
    guard let slash = bytes.lastIndex(of: TreePath.slash) else { return bytes[...] }
    return bytes[(slash + 1)...]
  }

  /// The path of an entry of this folder.
  public func appending(_ name: some Collection<UInt8>) -> TreePath {
    if bytes.isEmpty { return TreePath(bytes: Array(name)) }
    var longer: [UInt8] = []
    longer.reserveCapacity(bytes.count + 1 + name.count)
    longer += bytes
    longer.append(TreePath.slash)
    longer += name
    return TreePath(bytes: longer)
  }

  /// The folder the entry is in; nil for the root.
  public var parent: TreePath? {
    if bytes.isEmpty { return nil }
    guard let slash = bytes.lastIndex(of: TreePath.slash) else { return TreePath(bytes: []) }
    return TreePath(bytes: Array(bytes[..<slash]))
  }

  /// The kind of the file by its extension: lower case, `none` without one.
  ///
  /// An extension is at most 12 ASCII letters and digits with a letter among them: `.3` of a
  /// library's version is none, and neither is the whole name of a hidden file.
  public var kind: String {
    let name = self.name
    guard let dot = name.lastIndex(of: 0x2E), dot > name.startIndex else { return "none" }
    let characters = name[(dot + 1)...]
    guard (1...12).contains(characters.count),
      characters.allSatisfy({ TreePath.isLetter($0) || TreePath.isDigit($0) }),
      characters.contains(where: TreePath.isLetter)
    else { return "none" }
    let lowered = characters.map { $0 < 0x60 && TreePath.isLetter($0) ? $0 | 0x20 : $0 }
    return String(decoding: lowered, as: UTF8.self)
  }

  public func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  /// Compares byte by byte.
  public static func < (first: TreePath, second: TreePath) -> Bool {
    first.bytes.lexicographicallyPrecedes(second.bytes)
  }

  static let slash: UInt8 = 0x2F

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}

extension TreePath: CustomStringConvertible {
  /// The path for people: what is not UTF-8 or would not be one line is written as `\xNN`.
  public var description: String {
    let isControl = { (byte: UInt8) in byte < 0x20 || byte == 0x7F }
    if let text, !bytes.contains(where: isControl) { return text }
    let isText = text != nil
    var line: [UInt8] = []
    for byte in bytes {
      if isControl(byte) || (!isText && byte >= 0x80) {
        let digits = String(byte, radix: 16, uppercase: true)
        line += Array("\\x\(digits.utf8.count < 2 ? "0" : "")\(digits)".utf8)
      } else {
        line.append(byte)
      }
    }
    return String(decoding: line, as: UTF8.self)
  }
}
