internal import Foundation
internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

/// A file that rows of a table are added to, a buffer at a time.
struct TableFile: Sendable {
  private let file: FileHandle
  private var buffer = CSVLine()

  /// Writes to a file that is open.
  init(_ file: FileHandle) {
    self.file = file
  }

  /// Writes to a file that nobody else sees and that is gone once it is closed.
  init(hiddenIn folder: String) throws {
    let name = "\(UUID().uuidString).rows"
    let path = FilePath.joined(folder, name)
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    if descriptor < 0 { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    unlink(path)
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Adds rows.
  mutating func add(_ rows: (inout CSVLine) -> Void) throws {
    rows(&buffer)
    if buffer.bytes.count > 1 << 16 { try flush() }
  }

  /// Adds all rows of another file, which is then closed.
  mutating func add(rowsOf other: inout TableFile) throws {
    try other.flush()
    try flush()
    try other.file.seek(toOffset: 0)
    while let bytes = try other.file.read(upToCount: 1 << 20), !bytes.isEmpty {
      try file.write(contentsOf: bytes)
    }
    try other.close()
  }

  /// Writes what is in the buffer.
  mutating func flush() throws {
    if buffer.bytes.isEmpty { return }
    try file.write(contentsOf: Data(buffer.bytes))
    buffer.removeAll()
  }

  /// Forgets what is in the buffer; the file is closed with the last copy of this.
  mutating func giveUp() { buffer.removeAll() }

  /// Closes the file.
  mutating func close() throws {
    try flush()
    try file.close()
  }
}
