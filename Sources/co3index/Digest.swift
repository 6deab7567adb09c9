import Crypto
import Foundation
import SyncerFiles

extension FileItem {
  /// Reads the file and returns its row.
  ///
  /// A file that is written to meanwhile is read again, three times at most: the row's stamp and
  /// digest belong together. Between two pieces a cancelled task ends with `CancellationError`.
  func digested(followsLinks: Bool) throws -> FileRow {
    var attempt = 1
    while true {
      do {
        var hash = SHA256()
        let stamp = try read(followsLinks: followsLinks) { piece in
          if Task.isCancelled { throw CancellationError() }
          hash.update(bufferPointer: piece)
        }
        return FileRow(path: path, stamp: stamp, kind: kind, sha256: Data(hash.finalize()))
      } catch let error as FileError where error.cause == .changing && attempt < 3 {
        attempt += 1
      }
    }
  }
}
