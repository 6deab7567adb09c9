import Crypto
import Foundation
import SyncerFiles

extension FileItem {
  /// Reads the file and returns its row.
  ///
  /// A file that is written to meanwhile is read again, three times at most: the row's stamp and
  /// digest belong together. One that was changed in the last moment is waited for, where its file
  /// system tells times exactly: a change in the same moment would not show.
  ///
  /// - Parameters:
  ///   - followsLinks: Whether the file may be behind symbolic links.
  ///   - goOn: Is asked after every piece but the first; what it throws ends the reading. So what
  ///     fits into a piece is always read.
  /// - Returns: the row, with the stamp of what was read.
  /// - Throws: `FileError`; `CancellationError` in a cancelled task; what `goOn` throws.
  func digested(followsLinks: Bool, goOn: () throws -> Void = {}) throws -> FileRow {
    var attempt = 1
    while true {
      do {
        var hash = SHA256()
        var isFirst = true
        waitUntilSettled()
        let start = FileStamp.now()
        let stamp = try read(followsLinks: followsLinks) { piece in
          if Task.isCancelled { throw CancellationError() }
          if !isFirst { try goOn() }
          isFirst = false
          hash.update(bufferPointer: piece)
        }
        return FileRow(
          path: path, stamp: stamp, isSettled: stamp.nanosecondsUntilSettled(at: start) == 0,
          kind: kind,
          sha256: Data(hash.finalize()))
      } catch let error as FileError where error.cause == .changing && attempt < 3 {
        attempt += 1
      }
    }
  }

  private func waitUntilSettled() {
    let wait = stamp.nanosecondsUntilSettled(at: FileStamp.now())
    if (1...50_000_000).contains(wait) { usleep(UInt32(wait / 1_000) + 1) }
  }
}
