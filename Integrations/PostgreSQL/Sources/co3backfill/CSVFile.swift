import Foundation

/// A CSV file, read piece by piece.
struct CSVFile {
  private let path: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var start = 0
  private var isEnd = false
  /// Where the next row starts, in bytes from the start of the file.
  private(set) var offset: UInt64 = 0
  /// The line it starts in, from 1.
  private(set) var line = 1

  private static let pieceBytes = 1 << 20

  init(path: String) throws {
    self.path = path
    do {
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw Self.unreadable(path, error)
    }
    try fill()
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
      start = 3
      offset = 3
    }
  }

  private static func unreadable(_ path: String, _ error: any Error) -> SourceError {
    let reason = (error as NSError).localizedDescription
    return SourceError(
      source: path, rule: "cannot be read (\(reason))",
      remedy: "name a file that exists and may be read")
  }

  /// Goes to a row that starts at an offset.
  mutating func seek(to offset: UInt64, line: Int) throws {
    do {
      try handle.seek(toOffset: offset)
    } catch {
      throw Self.unreadable(path, error)
    }
    buffer = []
    (start, isEnd, self.offset, self.line) = (0, false, offset, line)
  }

  /// Reads the fields of the next row, past empty lines; false at the end.
  mutating func next(_ fields: inout [String?]) throws -> Bool {
    while true {
      if start == buffer.count {
        if isEnd { return false }
        try fill()
        continue
      }
      if try !read(&fields) {
        try fill()
      } else if fields != [nil] {
        return true
      }
    }
  }

  /// Reads a row of the buffer; false where it is not all there.
  private mutating func read(_ fields: inout [String?]) throws -> Bool {
    let (start, isEnd) = (start, isEnd)
    do {
      let (count, lines) = try buffer.withUnsafeBufferPointer { bytes throws(CSVFields.Fault) in
        let rest = UnsafeBufferPointer(rebasing: bytes[start...])
        let count = try CSVFields.read(rest, isEnd: isEnd, into: &fields)
        return (count, count.map { Self.lines(of: rest.prefix($0)) } ?? 0)
      }
      guard let count else { return false }
      self.start += count
      offset += UInt64(count)
      line += lines
      return true
    } catch {
      throw SourceError(
        source: "\(path), line \(line),", rule: error.rule, remedy: "correct the line")
    }
  }

  /// How many lines a row takes.
  private static func lines(of bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    max(1, bytes.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 })
  }

  /// Reads a piece behind what is left.
  private mutating func fill() throws {
    buffer.removeFirst(start)
    start = 0
    do {
      let piece = try handle.read(upToCount: Self.pieceBytes) ?? Data()
      isEnd = piece.isEmpty
      buffer.append(contentsOf: piece)
    } catch {
      throw Self.unreadable(path, error)
    }
  }
}
