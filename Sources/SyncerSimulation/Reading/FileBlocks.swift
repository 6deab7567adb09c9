internal import CZlib
internal import Foundation

/// The bytes of a file a block at a time, decompressed where it is compressed by gzip.
final class FileBlocks {
  /// The file, as it was named.
  let path: String
  private let descriptor: Int32
  private let limit: Int
  private var raw: [UInt8] = []
  private var total = 0
  private var inflation: Inflation?
  private var isAtEnd = false

  private static let blockSize = 1 << 18

  /// Opens a file.
  ///
  /// - Throws: `ScenarioError` for what is not there, is a folder, or may not be read.
  init(
    _ path: String, remedy: String, limit: Int = FileContents.limit
  ) throws(ScenarioError) {
    self.path = path
    self.limit = limit
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    var info = stat()
    if descriptor < 0 {
      let isMissing = errno == ENOENT || errno == ENOTDIR
      throw ScenarioError(
        file: path,
        rule: isMissing ? "does not exist" : "cannot be read (\(String(cString: strerror(errno))))",
        remedy: isMissing ? remedy : "check its permissions")
    }
    if fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFDIR {
      throw ScenarioError(file: path, rule: "is a folder, not a file", remedy: remedy)
    }
    // The first bytes tell whether it is compressed; a pipe may give one at a time.
    while raw.count < 2, !isAtEnd { raw += try readRaw() }
    if raw.starts(with: Inflation.magic) { inflation = try Inflation(path) }
  }

  deinit { close(descriptor) }

  /// The next bytes, at least one; empty at the end.
  func next() throws(ScenarioError) -> [UInt8] {
    while true {
      if raw.isEmpty, !isAtEnd { raw = try readRaw() }
      let block: [UInt8]
      if let inflation {
        block = try inflation.next(&raw, isAtEnd: isAtEnd)
        if block.isEmpty, !raw.isEmpty || !isAtEnd { continue }
      } else {
        (block, raw) = (raw, [])
      }
      total += block.count
      if total > limit {
        throw ScenarioError(
          file: path, rule: "is larger than \(limit) bytes", remedy: "cut it into smaller files")
      }
      return block
    }
  }

  private func readRaw() throws(ScenarioError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    while true {
      let count = read(descriptor, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 {
        throw ScenarioError(
          file: path, rule: "cannot be read (\(String(cString: strerror(errno))))",
          remedy: "check the disk")
      }
      isAtEnd = count == 0
      return Array(block.prefix(count))
    }
  }
}

/// The decompression of a file of one or several gzip members (RFC 1952).
private final class Inflation {
  static let magic: [UInt8] = [0x1F, 0x8B]

  private let path: String
  // zlib remembers where its state lies.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var output = [UInt8](repeating: 0, count: 1 << 18)
  private var isWithinMember = true

  init(_ path: String) throws(ScenarioError) {
    self.path = path
    stream.initialize(to: z_stream())
    // 15 bits of window, and 16 for gzip alone.
    let code = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if code != Z_OK { throw damaged("cannot be decompressed") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Decompresses some of the bytes, and takes what it used of them.
  func next(_ input: inout [UInt8], isAtEnd: Bool) throws(ScenarioError) -> [UInt8] {
    if !isWithinMember, try !beginMember(&input, isAtEnd: isAtEnd) { return [] }
    if input.isEmpty {
      if isAtEnd { throw damaged("is damaged: it ends within its compressed part") }
      return []
    }
    var code = Z_OK
    var left = 0
    let room = output.count
    input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(room)
        code = inflate(stream, Z_NO_FLUSH)
        left = Int(stream.pointee.avail_in)
      }
    }
    if code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR {
      throw damaged("is damaged: it cannot be decompressed")
    }
    if code == Z_STREAM_END { isWithinMember = false }
    input.removeFirst(input.count - left)
    return Array(output.prefix(room - Int(stream.pointee.avail_out)))
  }

  /// Goes on to the next member, where there is one; zeros that fill up a tape are skipped.
  private func beginMember(
    _ input: inout [UInt8], isAtEnd: Bool
  ) throws(ScenarioError) -> Bool {
    if let start = input.firstIndex(where: { $0 != 0 }) {
      if start > 0 || input[0] != Self.magic[0] || input.count > 1 && input[1] != Self.magic[1] {
        throw damaged("has something else behind its compressed part")
      }
      inflateReset(stream)
      isWithinMember = true
      return true
    }
    input = []
    return false
  }

  private func damaged(_ rule: String) -> ScenarioError {
    ScenarioError(file: path, rule: rule, remedy: "fetch it again, or compress it anew")
  }
}
