public import Syncer

extension Glob {
  /// Whether the pattern is about this path.
  public func matches(_ path: TreePath, isFolder: Bool = false) -> Bool {
    matches(path.bytes, isFolder: isFolder)
  }
}
