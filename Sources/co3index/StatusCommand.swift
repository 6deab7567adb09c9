import ArgumentParser
import Console
import Foundation
import Syncer
import SyncerFiles
import SyncerSQLite

/// Says how far an index is from its tree.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print how many files would be added, updated and deleted; exit with 3 if any.")

  @OptionGroup var tree: TreeOptions

  func run() async throws {
    let command = self
    await runToExit { try await command.work() }
  }

  private func work() async throws -> ExitCode {
    let root = try TreeRoot(tree.folder)
    let index = try IndexFile(
      path: tree.database, root: root, access: .readOnly, busyTimeout: tree.busyTimeout.duration,
      acceptsNewRoot: tree.newRoot)
    let rows = try index.rows(withDigests: tree.verify).select()
    try index.file.checkPlace()
    let progress = ProgressLine(unless: tree.quiet || tree.noProgress)
    defer { progress.clear() }
    let journal = Journal(
      progress: progress, isVerbose: tree.verify, emit: tree.json && tree.verify ? emit : nil)
    let listing = try await tree.listing(
      of: root, foldersAtOnce: ProcessInfo.processInfo.activeProcessorCount)
    let comparison = Comparison(listing, rows: rows, rules: tree.rules)
    if tree.verify { try verify(comparison, journal) }
    progress.clear()
    let mismatched = journal.totals.mismatched
    var event = Event("status", comparison.counts)
    event.items = comparison.differences.count
    event.skipped = comparison.rules.unseen.count + journal.totals.skipped
    if tree.verify { event.mismatched = mismatched }
    if tree.json {
      printOut(event.line)
    } else if !tree.quiet {
      let other = mismatched > 0 ? " With other contents than their rows: \(mismatched)." : ""
      printOut("\(comparison.sentence)\(other)\n")
    }
    return comparison.counts.total + mismatched == 0 ? .success : .differs
  }

  private var emit: @Sendable (Event) -> Void {
    { printOut($0.line) }
  }

  /// Reads the files that look unchanged.
  private func verify(_ comparison: Comparison, _ journal: Journal) throws {
    for case .intersection(let path, let files, let rows) in comparison.differences {
      guard let file = files.first, let row = rows.first else { continue }
      if !comparison.rules.isUnchanged(file.stamp, row) { continue }
      do {
        let read = try file.digested(followsLinks: tree.followLinks)
        if read.sha256 != row.sha256 && comparison.rules.isUnchanged(read.stamp, row) {
          journal.mismatch(path)
        }
      } catch let error as FileError {
        journal.skip(SkippedEntry(root: file.root, path: path, error: error))
      }
    }
  }
}
