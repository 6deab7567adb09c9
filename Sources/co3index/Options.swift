import ArgumentParser
import Console
import Foundation
import SafeOutput
import Syncer
import SyncerFiles
import SyncerSQLite

/// Which files, and which index.
struct TreeOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The folder to index.", valueName: "dir"), completion: .directory)
  var folder: String

  @Argument(help: ArgumentHelp("The SQLite database.", valueName: "db"), completion: .file())
  var database: String

  @Option(
    help: ArgumentHelp(
      """
      Index only matching files: by name, such as '*.wav', or, with a slash, by path below DIR, where \
      '**' stands for any number of folders. Repeatable.
      """, valueName: "glob"), transform: Glob.init(argument:))
  var include: [Glob] = []

  @Option(
    help: ArgumentHelp(
      "Leave out matching files; 'name/' matches folders, with their contents. Repeatable.",
      valueName: "glob"), transform: Glob.init(argument:))
  var exclude: [Glob] = []

  @Flag(help: "Leave out names that start with a dot.")
  var noHidden = false

  @Flag(help: "Follow symbolic links.")
  var followLinks = false

  @Flag(help: "Ignore changes of the status time (ctime), as after restoring a backup.")
  var ignoreCtime = false

  @Flag(help: "Ignore changes of the file number (inode), as on some network disks.")
  var ignoreInode = false

  @Flag(help: "Also read files that look unchanged, and compare their contents with the index.")
  var verify = false

  @Flag(help: "Accept an index of another folder, as after moving the tree.")
  var newRoot = false

  @Option(
    help: ArgumentHelp(
      "How long to wait for a database that another process has locked (default: 10s).",
      valueName: "duration"),
    transform: DurationArgument.init)
  var busyTimeout: DurationArgument = DurationArgument(seconds: 10)

  @Flag(help: "Print events as lines of JSON on standard output.")
  var json = false

  @Flag(help: "Print only errors.")
  var quiet = false

  @Flag(help: "Print no progress, even on a terminal.")
  var noProgress = false

  /// What makes a file one to be read.
  var rules: IndexRules {
    IndexRules(
      comparesChangeTime: !ignoreCtime, comparesNumber: !ignoreInode, verifies: verify)
  }

  /// Reads the tree, without the index itself and `others`.
  func listing(
    of root: TreeRoot, except others: [String] = [], foldersAtOnce: Int = 1,
    onSkip: @escaping @Sendable (SkippedEntry) -> Void = { _ in },
    onProgress: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) async throws -> DirectoryListing {
    var resource = DirectoryResource(
      roots: [root.given], include: include, exclude: exclude, includesHidden: !noHidden,
      followsLinks: followLinks, onSkip: onSkip)
    resource.onProgress = onProgress
    var listing = try await resource.listing(foldersAtOnce: foldersAtOnce)
    OwnFiles(database: database, others: others).remove(from: &listing, of: root)
    return listing
  }
}

extension Glob {
  /// Reads a pattern of a command line, where a bracket that is never closed is a mistake.
  fileprivate init(argument: String) throws {
    try self.init(argument)
    if hasOpenBracket {
      throw ValidationError(
        "\(argument.visible) has a '[' that no ']' closes; close it, or write '\\[' for the bracket itself."
      )
    }
  }
}
