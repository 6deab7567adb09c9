/// A file of a directory tree, as it was when its folder was read.
public struct FileItem: Sendable, Equatable {
  /// The root of the tree, as it was given.
  public var root: String
  /// The path below the root.
  public var path: TreePath
  /// What tells one state of the file from another.
  public var stamp: FileStamp
  /// The device the file is on, 0 where it is not known.
  public var device: UInt64
  /// The kind of the file by its extension, such as `wav`; `none` without one.
  public var kind: String

  /// Makes an item; the kind is that of the path.
  public init(root: String, path: TreePath, stamp: FileStamp, device: UInt64 = 0) {
    self.root = root
    self.path = path
    self.stamp = stamp
    self.device = device
    self.kind = path.kind
  }

  /// The file itself, whatever its names are; nil where it is not known.
  public var identity: FileIdentity? {
    stamp.number.map { FileIdentity(device: device, number: $0) }
  }
}

/// What is wrong with a file or folder: one line that names it, the rule and the remedy.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// Whether the entry is at fault, or it is only not what it was when its folder was read.
  public enum Cause: Sendable, Equatable {
    /// It is there and cannot be read.
    case unreadable
    /// It is gone, or something else has taken its name.
    case vanished
    /// It was written to while it was read.
    case changing
    /// It is a symbolic link that leads nowhere, or to itself.
    case dangling
  }

  /// The file, with its root.
  public var file: String
  /// The rule that is broken, as the rest of a sentence about the file.
  public var rule: String
  /// What to do about it.
  public var remedy: String
  /// What kind of fault it is.
  public var cause: Cause

  /// Makes an error.
  public init(file: String, rule: String, remedy: String, cause: Cause = .unreadable) {
    self.file = file
    self.rule = rule
    self.remedy = remedy
    self.cause = cause
  }

  public var description: String { "\(file) \(rule); \(remedy)." }
}

/// An entry of a tree that could not be read, and so is not among the files selected.
public struct SkippedEntry: Sendable, Equatable, CustomStringConvertible {
  /// The root of the tree, as it was given.
  public var root: String
  /// The path of the entry; where it is a folder, all below it is missing too.
  public var path: TreePath
  /// What is wrong with it.
  public var error: FileError

  /// Makes a skipped entry.
  public init(root: String, path: TreePath, error: FileError) {
    self.root = root
    self.path = path
    self.error = error
  }

  /// Whether files may be there that were not seen; false for an entry that is gone, and for a
  /// link that leads nowhere.
  public var hidesFiles: Bool { error.cause != .vanished && error.cause != .dangling }

  public var description: String { error.description }
}
