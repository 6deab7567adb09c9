internal import Foundation

extension FileItem {
  /// Reads the file piece by piece.
  ///
  /// A link, a pipe or anything else that took the name of the file or of a folder it is in
  /// meanwhile is not read.
  ///
  /// - Parameters:
  ///   - pieceSize: The most bytes in a piece.
  ///   - followsLinks: Whether the file may be behind symbolic links.
  ///   - body: Is handed the pieces in order; they are valid only while it runs.
  /// - Returns: the stamp the file had before and after: that of what was read.
  /// - Throws: `FileError` where the file cannot be read or was written to meanwhile; what `body`
  ///   throws.
  public func read(
    pieceSize: Int = 1 << 18, followsLinks: Bool = false,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> FileStamp {
    do {
      let file = try OpenedFile(
        root: root, path: path, flags: O_RDONLY | O_NONBLOCK, followsLinks: followsLinks)
      let before = try file.status()
      if before.kind != .file { throw SystemError(code: ENOENT) }
      let size = before.stamp.size
      let space = max(1, size > 0 ? Int(min(Int64(pieceSize), size)) : pieceSize)
      try withUnsafeTemporaryAllocation(byteCount: space, alignment: 16) { piece in
        var position: Int64 = 0
        // What says that it is empty may not be: some systems make files up when they are read. Else
        // the stamp afterwards tells of what was added.
        while position < size || size == 0 {
          let count = Foundation.read(file.number, piece.baseAddress, piece.count)
          if count < 0 && errno == EINTR { continue }
          if count < 0 { throw SystemError(code: errno) }
          if count == 0 { break }
          try body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
          position += Int64(count)
        }
      }
      let after = try file.status()
      if after.stamp == before.stamp { return before.stamp }
    } catch let error as SystemError {
      throw error.fileError(root: root, path: path)
    }
    throw FileError(
      file: "\(root)/\(path)", rule: "was written to while it was read",
      remedy: "run again when it is at rest", cause: .changing)
  }
}
