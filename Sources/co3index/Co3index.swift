import ArgumentParser
import Console
import Syncer

/// The command line of the index: a directory tree synced into SQLite.
@main
struct Co3index: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "co3index",
    abstract:
      "Keeps an SQLite index of a directory tree up to date, in chunks of a chosen duration.",
    discussion: """
      The table "files" has a row per regular file: path below DIR, size, times in nanoseconds since \
      1970, inode, SHA-256, and kind by extension. Each chunk is one transaction: whenever the program \
      ends, the index holds whole chunks, and the next run continues.

      Exit codes: 0 done; 1 could not run, with a message that says what and where; 3 status or \
      --verify found differences; 10 stopped at --max-duration; 11 done, but unreadable entries were \
      skipped; 12 refused to delete more than --max-delete allows, and changed nothing; 64 wrong \
      usage; 129, 130 or 143 stopped by a signal, after the open chunk. A second signal ends the program \
      at once.
      """,
    version: PackageVersion.text,
    subcommands: [Sync.self, Status.self])
}

extension ExitCode {
  /// `status` found the index out of step, or `--verify` found files with other contents.
  static let differs = ExitCode(3)
  /// More rows would have been deleted than may be.
  static let tooManyDeletions = ExitCode(12)
  /// The time was up before the work was done.
  static let outOfTime = ExitCode(10)
  /// All is done but for what could not be read.
  static let skipped = ExitCode(11)
}
