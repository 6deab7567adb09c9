import Console
import Foundation
import SyncerFiles
import SyncerSQLite
import TestSupport
import Testing

@testable import co3index

/// A tree that looks emptied, as by a disk that is not mounted, does not empty its index.
struct DeletionTests {
  private func indexed(_ names: [String]) throws -> Fixture {
    var fixture = try Fixture()
    for name in names { try fixture.write(name, name) }
    #expect(try fixture.sync().code == 0)
    return fixture
  }

  @Test("a tree without files is refused with 12, unless it is meant")
  func empty() throws {
    let fixture = try indexed(["a", "b/c", "d"])
    let rows = try fixture.rows()
    try fixture.folder.remove("tree")
    try FileManager.default.createDirectory(
      atPath: fixture.tree, withIntermediateDirectories: false)
    // However many may be deleted: it is not known that any was.
    for options in [[], ["--max-delete", "100%"], ["--max-delete", "3"]] {
      let arguments = ["sync", fixture.tree, fixture.database] + options
      let ended = try Program.run(arguments)
      #expect(ended.code == 12)
      #expect(ended.out.isEmpty)
      #expect(
        ended.err == "co3index: \(fixture.tree) has no file that is to be indexed, but its index "
          + "has 3 files, which would all be deleted; see to it that its disk is mounted and that "
          + "--include matches, or add --allow-empty; nothing was changed.\n")
      #expect(try fixture.rows() == rows)
    }
    let told = try fixture.sync("--json")
    #expect(told.events.last?["reason"] as? String == "too many deletions")
    #expect(try fixture.sync("--allow-empty").out.hasPrefix("Added 0, updated 0, deleted 3 in "))
    #expect(try fixture.rows().isEmpty)
    #expect(try fixture.sync().code == 0)
  }

  @Test("a pattern that matches nothing does not empty the index")
  func pattern() throws {
    let fixture = try indexed(["a.txt", "b.txt"])
    #expect(try fixture.sync("--include", "*.nope").code == 12)
    #expect(try fixture.sync("--exclude", "*").code == 12)
    #expect(try fixture.rows().count == 2)
    let fresh = "\(fixture.folder.path)/fresh.sqlite"
    let none = try Program.run(["sync", fixture.tree, fresh, "--include", "*.nope"])
    #expect(none.code == 0)
    #expect(none.err == "co3index: no file in \(fixture.tree) matches --include.\n")
  }

  @Test("more than half of the rows is too much, unless so many may go")
  func share() throws {
    var fixture = try indexed((0..<10).map { "\($0)" })
    for number in 0..<6 { try fixture.folder.remove("tree/\(number)") }
    try fixture.write("new", "new")
    let rows = try fixture.rows()
    for options in [[], ["--max-delete", "5"], ["--max-delete", "59.9%"], ["--max-delete", "0"]] {
      let arguments = ["sync", fixture.tree, fixture.database] + options
      let ended = try Program.run(arguments)
      #expect(ended.code == 12, "\(options)")
      #expect(ended.err.contains("lacks 6 of the 10 files in its index"), "\(ended.err)")
      #expect(ended.err.contains("or allow it with --max-delete 6;"), "\(ended.err)")
      #expect(try fixture.rows() == rows, "nor is anything added")
    }
    #expect(try fixture.sync("--max-delete", "60%").code == 0)
    #expect(try fixture.rows() == fixture.freshRows())
    try fixture.folder.remove("tree/6")
    #expect(try fixture.sync().code == 0, "one of five")
  }

  @Test("files that were moved are not taken for lost")
  func moved() throws {
    let fixture = try indexed((0..<10).map { "folder/\($0)" })
    try FileManager.default.moveItem(
      atPath: "\(fixture.tree)/folder", toPath: "\(fixture.tree)/renamed")
    let ended = try fixture.sync()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.out.hasPrefix("Added 10, updated 0, deleted 10 in "))
    #expect(try fixture.rows() == fixture.freshRows())
  }

  @Test(
    "limits are numbers or shares",
    arguments: ["-1", "half", "101%", "-1%", "%", "nan%", "1e3", "50 %"])
  func wrongLimits(text: String) throws {
    let fixture = try Fixture()
    let ended = try fixture.sync("--max-delete=\(text)")
    #expect(ended.code == 64)
    #expect(ended.err.contains("neither a number of files nor a share"), "\(ended.err)")
  }

  @Test("an empty source and the limit are objected to, in this order, and only where rows go")
  func objections() {
    let limits: [(limit: DeletionLimit?, most: Int)] = [
      (nil, 2), (.count(0), 0), (.count(2), 2), (.share(0), 0), (.share(40), 2), (.share(100), 5),
    ]
    for (limit, most) in limits {
      for allowsEmpty in [false, true] {
        let asked = DeletionGuard(limit: limit, allowsEmpty: allowsEmpty)
        #expect(asked.allowsAll == (limit == .share(100) && allowsEmpty))
        for deleted in 0...5 {
          for sourceCount in 0...2 {
            let expected: DeletionGuard.Objection? =
              switch (deleted, sourceCount) {
              case (0, _): nil
              case (_, 0): allowsEmpty ? nil : .empties
              default: deleted > most ? .exceeds(limit ?? .standard) : nil
              }
            #expect(
              asked.objection(toDeleting: deleted, of: 5, sourceCount: sourceCount) == expected,
              "\(limit.map { "\($0)" } ?? "usual"), \(deleted) deleted, \(sourceCount) in the source"
            )
          }
        }
      }
    }
  }

  @Test("a tree on another device may lose less")
  func device() throws {
    let limit = DeletionGuard(limit: nil, allowsEmpty: false)
    let files = (0..<8).map { number in
      FileItem(
        root: "r", path: TreePath("\(number)"),
        stamp: FileStamp(size: 1, modifiedNanoseconds: 1))
    }
    let rows = (0..<10).map {
      IndexedFile(path: TreePath("\($0)"), stamp: FileStamp(size: 1, modifiedNanoseconds: 1))
    }
    var listing = DirectoryListing()
    listing.files = files
    let comparison = Comparison(listing, rows: rows)
    #expect(comparison.counts.deleted == 2)
    #expect(limit.objection(to: comparison, of: "r", isOnAnotherDevice: false) == nil)
    let error = limit.objection(to: comparison, of: "r", isOnAnotherDevice: true)
    #expect(
      error?.rule == "is on another device than last time and lacks 2 of the 10 files in its "
        + "index, more than the 10 % that may be deleted")
    let asked = DeletionGuard(limit: .count(2), allowsEmpty: false)
    #expect(asked.objection(to: comparison, of: "r", isOnAnotherDevice: true) == nil)
  }
}
