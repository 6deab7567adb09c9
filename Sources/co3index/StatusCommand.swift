import ArgumentParser
import Console
import Syncer
import SyncerFiles
import SyncerSQLite

/// Says how far an index is from its tree.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how many files would be added, updated and deleted; exit with 3 if any.")

  @OptionGroup var tree: TreeOptions

  func run() async throws {
    let command = self
    try await runToExit { try await command.work() }
  }

  private func work() async throws -> ExitCode {
    let root = try TreeRoot(tree.folder)
    let index = try IndexFile(
      path: tree.database, root: root, access: .readOnly, busyTimeout: tree.busyTimeout.duration,
      acceptsNewRoot: tree.newRoot)
    let comparison = try Comparison(tree, root, rows: index.rows.select()) { _ in }
    var event = Event("status", comparison.counts)
    event.items = comparison.differences.count
    event.skipped = comparison.unseen.count
    if tree.json {
      printOut(event.line)
    } else if !tree.quiet {
      printOut("\(comparison.sentence)\n")
    }
    return comparison.counts.total == 0 ? .success : .differs
  }
}

/// A tree held against its index.
struct Comparison: Sendable {
  let differences: DiffSets<TreePath, FileItem, IndexedFile>
  /// The entries that could not be read.
  let unseen: Set<TreePath>
  /// How many entries there are of each kind.
  private(set) var counts = ChangeCounts()

  init(
    _ tree: TreeOptions, _ root: TreeRoot, rows: [IndexedFile], except others: [String] = [],
    onSkip: @escaping @Sendable (SkippedEntry) -> Void
  ) throws {
    let listing = try tree.listing(of: root, except: others, onSkip: onSkip)
    self.init(listing, rows: rows)
  }

  init(_ listing: DirectoryListing, rows: [IndexedFile]) {
    differences = DiffSets(
      left: listing.files, right: rows, leftKey: \.path, rightKey: \.path)
    unseen = Set(listing.skipped.filter(\.hidesFiles).map(\.path))
    for entry in differences where IndexRules.takesPart(entry, unseen: unseen) {
      switch entry {
      case .leftExclusive: counts.added += 1
      case .intersection: counts.updated += 1
      case .rightExclusive: counts.deleted += 1
      }
    }
  }

  /// The counts in a sentence.
  var sentence: String {
    if counts.total == 0 { return "The index is up to date: \(differences.count) files." }
    return "To add: \(counts.added), to update: \(counts.updated), to delete: \(counts.deleted)."
  }
}
