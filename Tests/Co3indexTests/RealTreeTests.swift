import Foundation
import GRDB
import SyncerFiles
import Testing

/// A copy of files that are really there, synced, changed and synced again.
struct RealTreeTests {
  /// Folders of the toolchain and of the system, the first that has enough files.
  private static let tree: [FileItem] = {
    let paths = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    let toolchain = paths.map { "\($0)/../share" }.filter {
      FileManager.default.fileExists(atPath: "\($0)/../bin/swift")
    }
    let folders = toolchain + ["/usr/include", "/usr/share/doc", "/usr/lib", "/usr/share"]
    for folder in folders {
      do {
        let files = try DirectoryResource(roots: [folder]).select()
          .filter { $0.stamp.size <= 1 << 18 && $0.path.text != nil }
        if files.count >= 200 { return Array(files.prefix(1_200)) }
      } catch {
        print("\(folder) is passed over: \(error)")
      }
    }
    return []
  }()

  @Test(
    "a real tree: all rows, then no write at all, then a thousand changes as made anew",
    .enabled(if: !tree.isEmpty, "no folder of this machine has enough files to copy"))
  func endToEnd() throws {
    var fixture = try Fixture(seed: 77)
    for file in Self.tree { try fixture.adopt(file) }
    let first = try fixture.sync("--json")
    #expect(first.code == 0, "\(first.err)")
    #expect(first.events.last?["added"] as? Int == Self.tree.count)
    #expect(try fixture.rows().count == Self.tree.count)
    try expectNoWrite(fixture)

    for number in 1...1_000 {
      if number % 100 == 0 { try fixture.renameFolder() } else { try fixture.change() }
    }
    // Most of the files there were are gone by now.
    let changed = try fixture.sync("--json", "--chunk-time", "20ms", "--max-delete", "100%")
    #expect(changed.code == 0, "\(changed.err)")
    for key in ["added", "updated", "deleted"] {
      #expect(changed.events.last?[key] as? Int ?? 0 > 0, "\(key)")
    }
    let rows = try fixture.rows()
    #expect(rows.count == fixture.names.count)
    #expect(try rows == fixture.freshRows())
    try expectNoWrite(fixture)
  }

  /// Syncs and finds the file untouched, and no commit of another connection.
  private func expectNoWrite(_ fixture: Fixture) throws {
    let files = ["", "-wal"].map { fixture.database + $0 }
    let witness = try DatabaseQueue(path: fixture.database)
    let version = { try witness.read { try Int.fetchOne($0, sql: "PRAGMA data_version") } }
    let before = (try version(), try files.map(Self.stamp))
    let ended = try fixture.sync("--json")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.events.last?["items"] as? Int == 0)
    #expect(try version() == before.0)
    #expect(try files.map(Self.stamp) == before.1)
    try witness.close()
  }

  private static func stamp(_ path: String) throws -> [String] {
    if !FileManager.default.fileExists(atPath: path) { return [] }
    let values = try FileManager.default.attributesOfItem(atPath: path)
    return ["\(values[.size] ?? "")", "\(values[.modificationDate] ?? "")"]
  }
}
