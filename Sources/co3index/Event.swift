import Console
import Foundation
import SyncerFiles

extension Event {
  /// An event about a path.
  init(_ event: String, _ path: TreePath, reason: String? = nil) {
    self.init(event, reason: reason)
    self.path = path.text ?? path.description
    if path.text == nil { pathBase64 = Data(path.bytes).base64EncodedString() }
  }
}
